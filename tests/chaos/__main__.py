"""Run a campaign from the command line and print its report.

python tests/chaos [--tier ci|release] [--seed N]
"""

import argparse
import logging
import os
import secrets
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import campaign


def main() -> int:
    """Return 0 when no promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tier", choices=["ci", "release"], default="ci")
    seed = os.environ.get("NBJUDGE_CHAOS_SEED", secrets.randbelow(1 << 32))
    parser.add_argument("--seed", type=int, default=int(seed))
    arguments = parser.parse_args()
    logging.getLogger("tornado").setLevel(logging.ERROR)
    print(f"seed {arguments.seed}", flush=True)
    tier = {"ci": campaign.CI, "release": campaign.RELEASE}[arguments.tier]
    report = campaign.run(tier, arguments.seed)
    print(report.text())
    if report.violations:
        print(report.logs)
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
