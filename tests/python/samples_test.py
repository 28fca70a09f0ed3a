"""The tables that are recorded only when the scenario asks: depth of the books, health of the accounts."""

import support
from support import CRASH, info

import mezzanine


class Samples(support.FolderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls.simulate("plain", CRASH)
        cls.path = cls.simulate("sampled", CRASH, "--set", "market.depth_every=10s",
                                "--set", "market.health_every=1min")
        cls.run_ = mezzanine.open_run(cls.path)
        cls.addClassCleanup(cls.run_.close)

    def test_sampling_does_not_change_the_run(self):
        self.assertEqual(info(self.path)["fingerprint"], info(self.plain)["fingerprint"])
        with mezzanine.open_run(self.plain) as plain:
            self.assertNotIn("tables/book_depth", plain.rows)
            self.assertNotIn("tables/account_health", plain.rows)

    def test_depth_grows_with_the_distance(self):
        depth = self.run_.tables["book_depth"]
        self.assertEqual(len(depth), 36 * 6)
        for side in ("bid", "ask"):
            columns = [depth[f"{side}_{bp}bp"] for bp in (5, 10, 25, 50, 100, 200)]
            self.assertTrue(all((a <= b).all() for a, b in zip(columns, columns[1:])))
            self.assertGreater(columns[-1].max(), 0)

    def test_bins_hold_every_account_once(self):
        health = self.run_.tables["account_health"]
        self.assertEqual(len(health), 36)
        bins = [name for name in health if name.startswith("accounts_")]
        self.assertEqual(len(bins), 11)
        self.assertTrue((health[bins].sum(axis=1) == health["accounts"]).all())
        low = health[["accounts_to_0", "accounts_to_50", "accounts_to_100"]].sum(axis=1)
        self.assertTrue((low == health["at_or_below_one"]).all())
        self.assertGreater(health["accounts"].max(), 1_000)

    def test_xarray_opens_them(self):
        data = self.run_.to_xarray("account_health")
        self.assertEqual(data["accounts_to_110"].dims, ("time",))


support.main()
