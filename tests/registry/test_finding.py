"""
Which plugins are found, and which of them are imported.
"""

from __future__ import annotations

import importlib.metadata

import pytest

from doorstep.errors import DuplicateProviderError, NoSuchProviderError
from doorstep.registry import Registry, default_registry


class TestNames:
    def test_f118_names_of_installed_plugins_import_nothing(self, shelf):
        """
        Names come from metadata alone, sorted.
        """
        shelf.put("bolt")
        shelf.put("acme")

        assert ("acme", "bolt") == Registry().names()
        assert [] == shelf.imported()

    def test_installed_tells_distribution_version_and_permission(self, shelf):
        """
        A listing shows who claims a name and whether it is allowed, importing nothing.
        """
        shelf.put("acme", version="2.1")
        shelf.put("bolt")
        acme, bolt = Registry(allow={"acme": "doorstep-acme"}).installed()

        assert ("acme", "doorstep-acme", "2.1", True) == (
            acme.name,
            acme.distribution,
            acme.version,
            acme.allowed,
        )
        assert not bolt.allowed
        assert [] == shelf.imported()

    def test_finding_scans_once_and_reads_no_other_metadata(self, shelf, monkeypatch):
        """
        Finding costs one look at the entry points: no second scan, no METADATA file.
        """
        for number in range(60):
            shelf.put(f"plugin_{number}") if number < 3 else shelf.put(
                "x", distribution=f"d{number}", entry="[console_scripts]\nx = x:y\n"
            )
        scans, read = [], []
        scan = importlib.metadata.distributions
        read_text = importlib.metadata.PathDistribution.read_text
        monkeypatch.setattr(
            importlib.metadata, "distributions", lambda **kw: scans.append(1) or scan(**kw)
        )
        monkeypatch.setattr(
            importlib.metadata.PathDistribution,
            "read_text",
            lambda self, name: read.append(name) or read_text(self, name),
        )
        registry = Registry()

        assert 3 == len(registry.names() and registry.names())
        assert [1] == scans
        assert {"entry_points.txt"} == set(read)

    @pytest.mark.parametrize(
        "broken", ["[doorstep]\nno equals sign\n", "[x]\nalso none\n", b"\xff\xfe"]
    )
    def test_f119_unreadable_entry_points_hide_only_their_own_distribution(self, shelf, broken):
        """
        A distribution with a spoilt file takes nobody else down.
        """
        folder = shelf.put("bolt")
        shelf.put("acme")
        file = next(folder.rglob("entry_points.txt"))
        file.write_bytes(broken if isinstance(broken, bytes) else broken.encode())

        assert ("acme",) == Registry().names()
        assert "acme" == Registry().provider("acme").name

    @pytest.mark.parametrize("metadata", [b"", b"\xff\xfe"])
    def test_distribution_without_metadata_is_on_no_allow_list(self, shelf, metadata):
        """
        Who does not say who it is may be listed, and is never allowed.
        """
        folder = shelf.put("acme")
        next(folder.rglob("METADATA")).write_bytes(metadata)
        (found,) = Registry(allow={"acme": ""}).installed()

        assert ("", False) == (found.distribution, found.allowed)
        with pytest.raises(NoSuchProviderError):
            Registry(allow={"acme": ""}).provider("acme")


class TestUnknownNames:
    def test_unknown_name_lists_installed_and_the_nearest(self, shelf):
        """
        A typing error is answered with what is there.
        """
        shelf.put("acme")
        shelf.put("bolt")
        with pytest.raises(NoSuchProviderError) as caught:
            Registry().provider("acmee")

        expected = "no provider named 'acmee' (installed: 'acme', 'bolt'); did you mean 'acme'?"
        assert expected == str(caught.value)
        assert [] == shelf.imported()

    def test_unknown_name_without_plugins_says_so(self, shelf):
        """
        With nothing installed the advice is to install.
        """
        with pytest.raises(NoSuchProviderError, match=r"none is installed.*install"):
            Registry().provider("acme")

    def test_allowed_but_absent_name_tells_what_to_install(self, shelf):
        """
        A name on the allow-list whose distribution is absent names that distribution.
        """
        with pytest.raises(NoSuchProviderError, match="install 'doorstep-acme'"):
            Registry(allow={"acme": "doorstep-acme"}).provider("acme")


class TestAllowList:
    def test_f118_only_the_asked_for_plugin_is_imported(self, shelf):
        """
        Asking for one plugin leaves the others alone.
        """
        shelf.put("acme")
        shelf.put("bolt")
        Registry().provider("acme")

        assert ["shelved_doorstep_acme"] == shelf.imported()

    @pytest.mark.parametrize("ask", ["provider", "simulator", "commands", "load"])
    def test_f118_plugin_not_on_the_list_is_never_imported(self, shelf, ask):
        """
        The list is asked before the import, whatever is asked of the plugin.
        """
        shelf.put("acme", distribution="evil-acme")
        registry = Registry(allow={"acme": "doorstep-acme"})
        with pytest.raises(NoSuchProviderError, match=r"evil-acme 1\.0, which is not allowed"):
            getattr(registry, ask)("acme")

        assert [] == shelf.imported()

    def test_f118_load_all_imports_only_what_is_on_the_list(self, shelf):
        """
        A listing of everything does not import what is not allowed either; it names it.
        """
        shelf.put("acme")
        shelf.put("bolt")
        acme, bolt = Registry(allow={"acme": "doorstep-acme"}).load_all()

        assert ["shelved_doorstep_acme"] == shelf.imported()
        assert acme.error is None
        assert isinstance(bolt.error, NoSuchProviderError)

    def test_f118_empty_list_allows_nothing(self, shelf):
        """
        An empty list is a list.
        """
        shelf.put("acme")
        with pytest.raises(NoSuchProviderError, match="not allowed"):
            Registry(allow={}).provider("acme")

        assert [] == shelf.imported()

    def test_distributions_are_compared_normalised(self, shelf):
        """
        Case, dots, dashes and underscores do not tell distributions apart.
        """
        shelf.put("acme", distribution="Doorstep_ACME")

        assert "acme" == Registry(allow={"acme": "doorstep.acme"}).provider("acme").name


class TestDuplicates:
    @pytest.mark.parametrize("turned", [False, True])
    def test_f117_two_distributions_with_one_name_are_both_named(self, shelf, turned):
        """
        Neither wins, whichever comes first on sys.path, and neither is imported.
        """
        shelf.put("acme", version="1.2")
        shelf.put("acme", distribution="acme-fork", version="0.9")
        if turned:
            shelf.turn()
        with pytest.raises(DuplicateProviderError) as caught:
            Registry().provider("acme")

        assert str(caught.value).startswith(
            "acme-fork 0.9 and doorstep-acme 1.2 claim the name 'acme'; "
        )
        assert [] == shelf.imported()

    @pytest.mark.parametrize("turned", [False, True])
    def test_f117_allow_list_decides_between_two(self, shelf, turned):
        """
        The distribution on the list is taken; the other one stays untouched.
        """
        shelf.put("acme")
        shelf.put("acme", distribution="acme-fork")
        if turned:
            shelf.turn()
        Registry(allow={"acme": "acme-fork"}).provider("acme")

        assert ["shelved_acme_fork"] == shelf.imported()

    def test_f117_conflict_leaves_other_names_usable(self, shelf):
        """
        Only the contested name is refused.
        """
        shelf.put("acme")
        shelf.put("acme", distribution="acme-fork")
        shelf.put("bolt")
        acme, bolt = Registry().load_all()

        assert isinstance(acme.error, DuplicateProviderError)
        assert "bolt" == bolt.provider.name

    @pytest.mark.parametrize("spoilt", [False, True])
    def test_same_distribution_twice_on_the_path_is_no_conflict(self, shelf, spoilt):
        """
        An older copy behind the first is shadowed, as Python shadows its modules.
        """
        shelf.put("acme", version="2.0")
        shelf.put("acme", version="1.0")
        if spoilt:
            shelf.put("bolt", entry="[x]\nno equals sign\n")

        assert ["2.0"] == [one.version for one in Registry().installed()]
        assert "acme" == Registry().provider("acme").name


class TestDefaultRegistry:
    def test_default_registry_is_one_for_each_list(self):
        """
        A process has one registry for each allow-list, however it is spelt.
        """
        assert default_registry() is default_registry()
        assert default_registry({"a": "B_c"}) is default_registry({"a": "b-c"})
        assert default_registry({}) is not default_registry()
