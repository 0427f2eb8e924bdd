"""Operators by the way they are written."""

from stations.models import Operator


def find_operator(text: str) -> Operator | None:
    """Return the operator written as `NL*CHD`, `NL-CHD` or `NLCHD`; one query."""
    party = text.replace("*", "").replace("-", "").upper()
    return Operator.objects.filter(country_code=party[:2], party_id=party[2:]).first()
