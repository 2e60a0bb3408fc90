from dataclasses import dataclass


@dataclass
class Größe:
    é: int = 0
    数: int = 4099


def checksum(text):
    σ = Größe()
    for ι, ж in enumerate(text, 1):
        σ.é += ι * ord(ж)
    print("🎉 done — ✓", "‮rtl‬")
    return σ.é * σ.数
