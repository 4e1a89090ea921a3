"""The page on tagging states the numbers that the example gives."""

import quidqual as qq


def test_the_numbers_of_the_page_are_those_of_the_example(root):
    row = qq.pattern_review.evaluate_tags(qq.load_example(), by=()).iloc[0]
    page = " ".join((root / "docs" / "tagging.md").read_text("utf-8").split())
    assert f"find {row.tp} of the {row.n_gold} coded" in page
    assert f"{row.tp} of their {row.n_tagged} tags are right" in page
