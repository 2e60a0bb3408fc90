import sys


def checksum(text):
    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099


def main():
    print("checksum of ab:", checksum("ab"), sys.argv)


if __name__ == "__main__":
    main()
