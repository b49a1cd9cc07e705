"""The codes of addresses are segno's, mask and all, though their mask is chosen in another way."""

from __future__ import annotations

import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import LAWS
from vijf.render import qr

SLUGS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=64)
ADDRESSES = st.one_of(
    st.builds("https://reviews.example.nl/review/{}/".format, SLUGS),
    st.builds("https://{}.example/{}/".format, st.text("é-x", max_size=60), SLUGS),
    st.integers(0, 10**40).map(str),
    st.text("HTP:/.ABC 0", min_size=1, max_size=90),
)


@given(ADDRESSES)
@settings(LAWS, max_examples=150)
def test_a_code_is_the_one_that_segno_makes(address):
    """Every module is the same: so is the mask, which is the first with the lowest penalty."""
    code = segno.make_qr(address, error="m", boost_error=True)
    assert qr.rows(address) == ["".join(map(str, row)) for row in code.matrix]


def test_masks_of_all_kinds_are_chosen():
    """Each mask is the best for some code, of a version whose masks are compared here or of a larger one."""
    addresses = [f"https://a.example/{n * n}{'x' * (n % 40 * 4)}" for n in range(120)]
    codes = [segno.make_qr(address, error="m", boost_error=True) for address in addresses]
    assert {code.mask for code in codes if code.version <= qr.WITHOUT_VERSION} == set(range(qr.MASKS))
    assert max(code.version for code in codes) > qr.WITHOUT_VERSION
    for address, code in zip(addresses, codes, strict=True):
        assert qr.rows(address) == ["".join(map(str, row)) for row in code.matrix]
