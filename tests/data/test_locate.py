from pathlib import Path

import pytest

from textclf.data.locate import Located, cache_folder, cached, locate
from textclf.errors import ConfigError, DataError


def _fill(root: Path, name: str, *files: str) -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    for file in files:
        (folder / file).write_text("text,label\na,b\n")
    return folder


def _find(name: str, tmp_path: Path, **places: Path) -> Located | None:
    environ = {"TEXTCLF_DATA": str(places["data"])} if "data" in places else {}
    return locate(
        name,
        data_dir=places.get("data_dir"),
        environ=environ,
        cache=places.get("cache", tmp_path / "no cache"),
    )


def test_data_dir_wins_over_the_variable_and_that_over_the_cache(
    tmp_path: Path,
) -> None:
    places = {key: tmp_path / key for key in ("data_dir", "data", "cache")}
    for root in places.values():
        _fill(root, "trec", "train.csv", "test.csv")
    wanted = ["data-dir", "TEXTCLF_DATA", "cache"]
    for origin, key in zip(wanted, list(places), strict=True):
        found = _find("trec", tmp_path, **places)
        assert found is not None
        assert (found.origin, found.folder) == (origin, places[key] / "trec")
        del places[key]
    assert _find("trec", tmp_path) is None


def test_what_one_place_lacks_the_next_may_have(tmp_path: Path) -> None:
    _fill(tmp_path / "first", "mr", "all.csv")
    _fill(tmp_path / "second", "trec", "train.csv", "test.parquet")
    found = _find(
        "trec", tmp_path, data_dir=tmp_path / "first", data=tmp_path / "second"
    )
    assert found is not None
    assert found.origin == "TEXTCLF_DATA"
    assert {s: p.name for s, p in found.files.items()} == {
        "train": "train.csv",
        "test": "test.parquet",
    }


def test_extra_files_are_extra_splits_and_folders_are_not(tmp_path: Path) -> None:
    folder = _fill(
        tmp_path, "chnsenticorp", "train.csv", "test.csv", "dev.csv", "test_nodup.csv"
    )
    (folder / "raw.csv").mkdir()
    (folder / "README.md").write_text("")
    (folder / ".hidden.csv").write_text("")
    found = _find("chnsenticorp", tmp_path, data=tmp_path)
    assert found is not None
    assert list(found.files) == ["train", "dev", "test", "test_nodup"]
    assert found.rows["test_nodup"] == 814


def test_an_undivided_set_is_one_split_called_all(tmp_path: Path) -> None:
    _fill(tmp_path, "mr", "all.parquet")
    found = _find("mr", tmp_path, data=tmp_path)
    assert found is not None
    assert list(found.files) == ["all"]


def test_the_own_name_comes_before_that_of_a_smaller_version(tmp_path: Path) -> None:
    _fill(tmp_path, "ag_news_20k", "train.csv", "test.csv")
    found = _find("ag_news", tmp_path, data=tmp_path)
    assert found is not None and found.is_subset
    _fill(tmp_path, "ag_news", "train.csv", "test.csv")
    found = _find("ag_news", tmp_path, data=tmp_path)
    assert found is not None and not found.is_subset


def test_a_missing_split_is_named(tmp_path: Path) -> None:
    _fill(tmp_path, "sst2", "train.csv", "test.csv")
    with pytest.raises(DataError, match=r"expected train, dev, test.*add dev"):
        _find("sst2", tmp_path, data=tmp_path)
    (tmp_path / "imdb").mkdir()
    with pytest.raises(DataError, match="got no splits"):
        _find("imdb", tmp_path, data=tmp_path)


def test_two_files_for_one_split_are_refused(tmp_path: Path) -> None:
    _fill(tmp_path, "mr", "all.csv", "all.parquet")
    with pytest.raises(DataError, match=r"got all.csv and all.parquet"):
        _find("mr", tmp_path, data=tmp_path)


def test_an_incomplete_cache_counts_as_none(tmp_path: Path) -> None:
    _fill(tmp_path, "trec", "train.parquet")
    assert _find("trec", tmp_path, cache=tmp_path) is None


@pytest.mark.parametrize("key", ["data_dir", "data"])
def test_a_folder_of_data_sets_that_is_not_there_is_an_error(
    tmp_path: Path, key: str
) -> None:
    with pytest.raises(ConfigError, match="expected an existing folder") as fault:
        _find("mr", tmp_path, **{key: tmp_path / "gone"})
    assert ("--data-dir" if key == "data_dir" else "TEXTCLF_DATA") in str(fault.value)


def test_an_empty_variable_is_no_variable(tmp_path: Path) -> None:
    assert locate("mr", environ={"TEXTCLF_DATA": ""}, cache=tmp_path) is None


def test_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean imdb"):
        _find("imbd", tmp_path)


def test_the_sample_comes_with_the_package(tmp_path: Path) -> None:
    found = _find("sample", tmp_path)
    assert found is not None
    assert found.origin == "bundled"
    assert found.entry.split_column == "split"
    assert found.files["all"].parts[-3:] == ("data", "sample", "reviews.csv")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/textclf/data"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h/.cache/textclf/data"),
        ({"XDG_CACHE_HOME": "", "HOME": "/h"}, "/h/.cache/textclf/data"),
    ],
)
def test_the_cache_follows_the_specification(
    environ: dict[str, str], expected: str
) -> None:
    assert cache_folder(environ) == Path(expected)


def test_all_real_folders_are_found(shared: Path, tmp_path: Path) -> None:
    environ = {"TEXTCLF_DATA": str(shared / "data")}
    found = locate("imdb", environ=environ, cache=tmp_path)
    assert found is not None
    assert list(found.files) == ["train", "test", "unsup"]
    assert cached(found.entry, tmp_path) is None
