"""`report`: one document about a run, never inside it."""

import pytest

from textclf.cli.main import main


@pytest.mark.parametrize("task", ["binary", "multilabel"])
def test_a_page_of_every_task(trained, task, tmp_path, capsys):
    page = tmp_path / "page.html"
    assert main(["report", str(trained(task)), "--html", "--output", str(page)]) == 0
    assert capsys.readouterr().out == f"{page}\n"
    shown = page.read_text("utf-8")
    assert "labels and is right on" in shown or "reaches a micro F1 of" in shown
    assert "a superb" in shown or "None of" in shown or "number" in shown


def test_the_name_of_the_run_names_the_document(trained, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["report", str(trained("binary")), "--card"]) == 0
    assert "# Model card: binary" in (tmp_path / "binary-card.md").read_text("utf-8")


def test_a_card_that_is_there_is_not_lost(trained, tmp_path, capsys):
    card = tmp_path / "card.md"
    card.write_text("filled in", "utf-8")
    command = ["report", str(trained("binary")), "--card", "--output", str(card)]
    assert main(command) == 2
    assert "--force" in capsys.readouterr().err
    assert card.read_text("utf-8") == "filled in"
    assert main([*command, "--force"]) == 0
    assert "Model card" in card.read_text("utf-8")


@pytest.mark.parametrize("name", ["page.html", "bundle/page.html"])
def test_nothing_is_written_into_a_run(trained, name, capsys):
    run = trained("binary")
    before = sorted(path.name for path in run.rglob("*"))
    assert main(["report", str(run), "--output", str(run / name)]) == 2
    assert "never changes" in capsys.readouterr().err
    assert sorted(path.name for path in run.rglob("*")) == before


def test_mistakes_are_told_before_any_work(trained, tmp_path, capsys):
    run = str(trained("binary"))
    assert main(["report", run, "--output", str(tmp_path / "no" / "page.html")]) == 2
    assert "no such folder" in capsys.readouterr().err
    assert main(["report", run, "--output", str(tmp_path)]) == 2
    assert "expected a file" in capsys.readouterr().err
    assert main(["report", str(tmp_path)]) == 4
    assert "got no run here" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["report", run, "--html", "--card"])


def test_a_data_set_that_is_not_here_is_not_fetched(
    trained, tmp_path, capsys, monkeypatch
):
    import shutil

    monkeypatch.delenv("TEXTCLF_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    run = tmp_path / "named"
    shutil.copytree(trained("binary"), run)
    config = (run / "config.yaml").read_text("utf-8").splitlines()
    changed = [
        "  dataset: sst2"
        if line.startswith("  dataset:")
        else "  train: null"
        if line.startswith("  train: ") and line.endswith(".csv")
        else line.replace("test_fraction: 0.2", "test_fraction: 0.0")
        for line in config
    ]
    (run / "config.yaml").write_text("\n".join(changed) + "\n", "utf-8")
    page = tmp_path / "page.html"
    assert main(["report", str(run), "--output", str(page)]) == 0
    assert "data fetch sst2" in capsys.readouterr().err
    assert "is not on this machine" in page.read_text("utf-8")


def test_show_names_the_command(trained, capsys):
    run = trained("binary")
    assert main(["show", str(run)]) == 0
    assert f"python -m textclf report {run}" in capsys.readouterr().out
