"""What each question's sweep says: one function per question, from headline numbers to table, figure and one sentence.

Laws are computed here from their own formulas (validation sheet, section A), not taken from the program.
"""
import math

import matplotlib.pyplot as plt
import numpy as np

from gallery_tools import COLOURS, MARKERS, T975, YEAR, Answer, amount, axes, curve, law, normal, polled_loss, table, touched_loss


def answer_01(s):
    leverage, outage, share = "agent[0].leverage_median", "shock[0].duration", "bad_debt.share_of_oi"
    means = s.mean(["layer2.design", leverage, outage], share)
    floor = {l: max(0.0, 0.4 - 1.0 / l) for l in (3.0, 5.0, 10.0, 20.0)}
    designs = list(dict.fromkeys(means["layer2.design"]))
    figure, ax = axes("leverage of the longs", "bad debt / open interest")
    rows = []
    for i, design in enumerate(designs):
        of = means[(means["layer2.design"] == design) & (means[outage] == "78 min")]
        curve(ax, i, np.arange(4) + 0.12 * (i - 2), of["mean"], label=design.replace("_", " "))
        ax.lines[-1].set_linestyle("")
    law(ax, 6, np.arange(4), list(floor.values()), "0.4 - 1/L (A-L-11)")
    ax.set_xticks(range(4), ["3", "5", "10", "20"])
    ax.set_xlim(-0.5, 3.5)
    ax.legend()
    for l in floor:
        of = means[(means[leverage] == l) & (means[outage] == "78 min")]
        rows.append([f"{l:g}", f"{floor[l]:.4f}"] + [f"{v:.4f}" for v in of["mean"]])
    calm = means[means[outage] == "1 s"]["mean"].max()
    short = means[(means[outage] == "20 min") & (means["layer2.design"] == designs[0])]["mean"]
    worst = means[means[outage] == "78 min"]
    gap = (worst["mean"] - worst[leverage].map(floor)).max()
    return Answer(
        table(["leverage", "law"] + [d.replace("_", " ") for d in designs], rows),
        f"The outage decides, not the settlement: after 78 min without blocks 10x longs lack "
        f"{worst[worst[leverage] == 10.0]['mean'].min():.3f} of the open interest on every design; without an outage they lack {calm:.3f}, "
        f"with 20 min of it {short.iloc[2]:.3f}.",
        f"A-L-11 says 0.067, 0.200, 0.300, 0.350; the largest distance is {gap:.3f} (a channel's hub comes back half a minute later and finds no "
        "quotes to close into). Outage of B-SEQ-1.", figure)


def by_delay(s, delay, series, labels, laws, title):
    """Curves of bad debt over liquidated notional against a delay, with their laws."""
    figure, ax = axes(title, "bad debt / liquidated notional", xlog=True, ylog=True)
    ratios = s.ratio([series, delay], "bad_debt.usd", "liquidations.notional")
    rows = []
    for i, value in enumerate(dict.fromkeys(ratios[series])):
        of = ratios[ratios[series] == value]
        seconds = [amount(d) for d in of[delay]]
        expected = [laws(value, d) for d in seconds]
        positive = of["mean"] > 0
        curve(ax, i, np.array(seconds)[positive], of["mean"][positive], label=labels(value))
        grid = np.geomspace(min(seconds), max(seconds), 60)
        law(ax, i, grid, [laws(value, d) for d in grid])
        rows += [[labels(value), d, f"{m:.2e}", f"{e:.2e}"] for d, m, e in zip(of[delay], of["mean"], expected)]
    ax.set_ylim(1e-6, 1.0)
    ax.legend()
    return figure, rows


def answer_02(s):
    kind, delay = "price.kind", "agent[1].processing.mean"
    names = {"gbm": "diffusion", "merton": "with jumps"}
    jumps = {"gbm": {}, "merton": dict(jumps=100.0, jump_mean=-0.05, jump_deviation=0.1)}
    ratios = s.ratio([kind, delay, "sequencing.block_time", "run.duration"], "bad_debt.usd", "liquidations.notional")
    seeds = s.runs["run.seed"].nunique()
    figure, ax = axes("time between two looks of the keeper (s)", "bad debt / liquidated notional", xlog=True, ylog=True)
    rows, found, expected_at, outside = [], {}, {}, 0
    for i, value in enumerate(names):
        of = ratios[ratios[kind] == value]
        seconds = np.array([amount(d) for d in of[delay]])
        laws = np.array([touched_loss(d, amount(b), amount(l), 0.8, 0.025, seeds, **jumps[value])
                         for d, b, l in zip(seconds, of["sequencing.block_time"], of["run.duration"])])
        positive = of["mean"].to_numpy() > 0
        curve(ax, i, seconds[positive], of["mean"][positive], label=names[value])
        law(ax, i, seconds[laws[:, 0] > 0], laws[laws[:, 0] > 0, 0])
        ax.fill_between(seconds, np.maximum(laws[:, 1], 1e-7), np.maximum(laws[:, 2], 1e-7), color=COLOURS[i], alpha=0.15, linewidth=0)
        for d, mean, (expected, low, high) in zip(of[delay], of["mean"], laws):
            found[value, d], expected_at[value, d] = mean, expected
            outside += not low <= mean <= high
            rows.append([names[value], d, f"{mean:.2e}", f"{expected:.2e}", f"{low:.2e} to {high:.2e}"])
    ax.set_ylim(1e-6, 1.0)
    ax.legend()
    even = polled_loss(10.0, 0.8, 0.025, **jumps["merton"])
    return Answer(
        table(["price", "keeper looks every", "bad debt / liquidated", "law", f"of {seeds} paths, 95 %"], rows),
        f"Diffusion alone loses nothing below minutes and {100 * found['gbm', '1 d']:.2f} % of what is liquidated at a day; with 100 jumps "
        f"a year a keeper that looks every hour already loses {100 * found['merton', '1 h']:.2f} %, and by the law one that looks every 10 s still {100 * expected_at['merton', '10 s']:.1f} %: a jump is over before anybody looks.",
        f"A-L-6 (nothing below 300 s) and A-L-9's jumps. Dashed: a crowd that is there from the start, on paths of the same law without market, chain or keeper; each account is liquidated at the first look below its price. "
        f"Band: 95 % of samples of {seeds} paths, since 100 jumps a year are 1.4 in 5 d; {outside} of {len(rows)} points lie outside. A-L-8 and A-L-9 spread evenly over every fall, as if a new crowd came after each look, are another "
        f"question: {even:.1e} at 10 s, because between looks seconds apart almost every fall stays above the lowest price so far, where nobody is left. On the very paths of the runs with jumps the sum by hand is 7.9e-3 at 10 s "
        "(simulated 8.5e-3) and 5.5e-2 at a day (5.2e-2); what differs is the draw of 400 accounts. One account that stands at its price: `mezz validate delay_jumps_12s delay_jumps_1h`.", figure)


def answer_09(s):
    figure, rows = by_delay(s, "push_oracle.heartbeat", "price.volatility", lambda v: f"{100 * v:g} % a year",
                            lambda v, d: polled_loss(d, v, 0.025), "heartbeat (s)")
    of = {(r[0], r[1]): r for r in rows}
    return Answer(
        table(["volatility", "heartbeat", "bad debt / liquidated", "law"], rows),
        f"At 400 % a year an hourly heartbeat loses {100 * float(of[('400 % a year', '1 h')][2]):.2f} % of what is liquidated and one of 20 min "
        f"{100 * float(of[('400 % a year', '20 min')][2]):.3f} %; at 100 % an hour is harmless. Volatility x sqrt(heartbeat) against the margin decides.",
        "A-L-8 in the form for many accounts (dashed); A-L-3: with a polled feed the continuous formula must not be used. Below the law where few "
        "heartbeats fit into 4 d: no account begins closer than 3 % to its liquidation, so the first ones touch nobody or only a few.", figure)


def answer_10(s):
    paths = list(dict.fromkeys(s.runs["price.segments"]))
    debt, saved = s.mean(["price.segments", "shock[1].duration"], "bad_debt.usd"), \
        s.mean(["price.segments", "shock[1].duration"], "liquidations.notional")
    names = ["price recovers 4 %", "price falls 20 % more"]
    figure, ax = axes("grace after the restart (min)", "million USD")
    rows = []
    for i, path in enumerate(paths):
        d, l = debt[debt["price.segments"] == path], saved[saved["price.segments"] == path]
        grace = [amount(g) / 60 - 33 for g in d["shock[1].duration"]]
        curve(ax, 2 * i, grace, l["mean"] / 1e6, l["half"] / 1e6, f"liquidated, {names[i]}")
        curve(ax, 2 * i + 1, grace, d["mean"] / 1e6, d["half"] / 1e6, f"bad debt, {names[i]}")
        rows += [[names[i], f"{g:g} min", f"{a:.2f} +- {b:.2f}", f"{c:.2f} +- {e:.2f}"]
                 for g, a, b, c, e in zip(grace, l["mean"] / 1e6, l["half"] / 1e6, d["mean"] / 1e6, d["half"] / 1e6)]
    ax.legend(fontsize=8)
    return Answer(
        table(["market", "grace", "liquidated (M USD)", "bad debt (M USD)"], rows),
        f"It depends on what the price does next: an hour of grace spares every liquidation ({rows[0][2]} M USD) when the price recovers, and costs "
        f"{rows[8][3]} M USD of bad debt when it goes on falling.",
        "A-L-10: at -20 % an hour a margin of 3 % lasts 491 s, so that 15 min of grace already lose; B-SEQ-2 (33 min) and B-SEQ-3 (grace of 3 600 s).",
        figure)


def answer_11(s):
    share = "layer1.missed_slot_probability"
    figure, ax = axes("share x of layer-one leaders that leave it out", "delay from layer one to layer two (s)", ylog=True)
    rows, xs = [], None
    for i, (metric, q, label) in enumerate((("forced.delay.p50", 0.5, "median"), ("forced.delay.p99", 0.01, "99 %"))):
        m = s.mean(share, metric)
        xs = [amount(v) for v in m[share]]
        curve(ax, i, xs, m["mean"], m["half"], label)
        # A transaction comes at any time of a slot: what is left of it, then whole slots.
        grid = np.linspace(0.0, 0.93, 60)
        law(ax, i, grid, [quantile_of_slots(x, q) for x in grid])
        rows.append([label] + [f"{a:.0f} +- {b:.0f} (law {quantile_of_slots(x, q):.0f})" for x, a, b in zip(xs, m["mean"], m["half"])])
    ax.legend()
    return Answer(
        table(["delay (s)"] + [f"x = {x:g}" for x in xs], rows),
        f"Forced inclusion holds whatever the sequencer does; with 90 % of the leaders against it the median is {rows[0][-1].split(' ')[0]} s and "
        f"99 % are in after {rows[1][-1].split(' ')[0]} s.",
        "A-T-6: P(delay >= k slots) = x^k, so 99 % within 44 slots of 12 s at x = 0.9 (528 s) and 7 at 0.5 (dashed: with the part of the first "
        "slot that is left; the layer-two block adds up to 2 s).", figure)


def quantile_of_slots(x, tail):
    """Time that is exceeded with probability `tail`: uniform rest of a slot plus a geometric number of slots of 12 s."""
    k = 0 if tail >= x or x == 0.0 else math.floor(math.log(tail) / math.log(x))
    # P(wait > 12 (k + r)) = x^k (1 - r (1 - x)) for r in 0..1.
    return 12.0 * (k + (1.0 - tail / x**k if x > 0 else 1.0 - tail) / (1.0 - x))


def answer_13(s):
    window, rate = "settlement.challenge_window", "fast_exit.interest"
    rich = s.runs[s.runs["fast_exit.inventory"] == "100 MUSD"]
    poor = s.runs[s.runs["fast_exit.inventory"] == "1 MUSD"]
    figure, ax = axes("cost of capital (% a year)", "fee of a fast exit (bp)")
    rows = []
    for i, w in enumerate(dict.fromkeys(rich[window])):
        of = rich[rich[window] == w]
        r = np.array([amount(v) for v in of[rate]])
        fee = 1e4 * of["fast_exit.fee.mean"].to_numpy()
        curve(ax, i, 100 * r, fee, label=f"window {w}")
        law(ax, i, 100 * r, fee[0] + 1e4 * r * amount(w) / YEAR)
        rows.append([w] + [f"{f:.1f} ({fee[0] + 1e4 * q * amount(w) / YEAR:.1f})" for f, q in zip(fee, r)])
    ax.legend()
    filled = poor[poor[window] == "7 d"]["fast_exit.filled"].iloc[0], rich[rich[window] == "7 d"]["fast_exit.filled"].iloc[0]
    return Answer(
        table(["window"] + [f"{v} a year" for v in dict.fromkeys(rich[rate])], rows),
        f"At 5 % a year seven days cost {rows[2][2].split(' ')[0]} bp, of which 9.6 bp are capital; at 40 % {rows[2][5].split(' ')[0]} bp. A provider with "
        f"1 M USD fills {filled[0]:.0f} of the {filled[1]:.0f} exits of two days, one with 100 M USD all.",
        "Cost of capital over the window of A-T-1, rate x window / 365 d, on top of the fee at 0 % (in brackets and dashed): equal within 0.1 bp.", figure)


def answer_20(s):
    cap = "market.open_interest_upper"
    d = s.runs
    caps = np.array([amount(v) for v in d[cap]])
    profit, debt = d["agents.manipulator.profit"] / 1e6, d["bad_debt.usd"] / 1e6
    figure, ax = axes("upper cap of open interest (million USD)", "million USD", xlog=True)
    shown = np.where(caps > 1e9, 4e8, caps) / 1e6
    curve(ax, 0, shown, profit, label="attacker's profit")
    curve(ax, 1, shown, debt, label="bad debt")
    ax.axhline(0.0, color="#666666", linewidth=0.8)
    ax.set_xticks(shown, ["none" if c > 1e9 else f"{c / 1e6:g}" for c in caps])
    ax.minorticks_off()
    ax.legend()
    rows = [["none" if c > 1e9 else f"{c / 1e6:g}", f"{n / 1e6:.1f}", f"{p:.1f}", f"{b:.1f}"]
            for c, n, p, b in zip(caps, d["agents.manipulator.notional.max"], profit, debt)]
    return Answer(
        table(["upper cap (M USD)", "largest position at the pumped index (M USD)", "attacker's profit (M USD)", "bad debt (M USD)"], rows),
        f"Without a cap he takes {profit.iloc[-1]:.0f} M USD; with an upper cap of {caps[0] / 1e6:g} M USD, where the initial margin is the whole notional, he loses "
        f"{-profit.iloc[0]:.1f} M USD on the pump and the position.",
        "B-MNGO-1: 116 M USD withdrawn, 421 M USD of unrealised profit. B-DYDX-1 and B-AAVE-1 are incidents of their own (`dydx_2023_11_17`, `aave_2022_11_22`).",
        figure)


def above(leverage):
    """Share of the accounts with more leverage: lognormal, median 8, sigma 0.6; those above 20 have 20."""
    return 0.0 if leverage >= 20.0 else 1.0 - normal(math.log(leverage / 8.0) / 0.6)


def answer_21(s):
    d = s.runs
    depth = np.array([0.04, 0.08, 0.1308, 0.20] * 2)
    liquidated, insolvent = d["liquidations.count"] / 10.0, d["bad_debt.accounts"] / 10.0
    figure, ax = axes("depth of the depeg (%)", "accounts (%)")
    curve(ax, 0, 100 * depth[4:], liquidated[4:], label="liquidated")
    curve(ax, 1, 100 * depth[4:], insolvent[4:], label="insolvent, at once")
    curve(ax, 2, 100 * depth[:4], insolvent[:4], label="insolvent, over 7 h")
    grid = np.linspace(0.01, 0.22, 80)
    liquidatable = lambda x: 1.0 / (1.0 - (1.0 - x) * (1.0 - 0.024))  # noqa: E731
    law(ax, 0, 100 * grid, [100 * above(liquidatable(x)) for x in grid])
    law(ax, 1, 100 * grid, [100 * above(1.0 / x) for x in grid])
    ax.legend()
    rows = [[f"{100 * x:g} %", f"{a:.1f} %", f"{100 * above(liquidatable(x)):.1f} %", f"{b:.1f} %", f"{100 * above(1.0 / x):.1f} %", f"{c:.1f} %"]
            for x, a, b, c in zip(depth[4:], liquidated[4:], insolvent[4:], insolvent[:4])]
    return Answer(
        table(["depth", "liquidated", "law", "insolvent when at once", "law", "insolvent over 7 h"], rows),
        f"At the low of 0.8692 {rows[2][1]} of the accounts are liquidated either way; over 7 h nobody is insolvent, at once {rows[2][3]} are, "
        f"with {d['bad_debt.usd'].iloc[6] / 1e6:.2f} M USD missing of 10 M USD of positions.",
        "B-USDC-1 and the algebra of the leverages (dashed). Portfolios whose collateral is the coin itself are not modelled.", figure)


def duration(seconds):
    for unit, length in (("d", 86400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0)):
        if seconds >= length:
            return f"{seconds / length:.3g} {unit}"
    return f"{1000 * seconds:.3g} ms"


def answer_03(s):
    rungs = ["preconfirmed", "published", "order_final", "asserted", "settled"]
    d = s.runs.groupby("layer2.design", sort=False).mean(numeric_only=True)
    figure, ax = axes("time since submission, median (s); line to 99 %", "", xlog=True)
    rows = []
    for y, design in enumerate(d.index):
        for i, rung in enumerate(rungs):
            p50, p99 = d.loc[design, f"finality.{rung}.p50"], d.loc[design, f"finality.{rung}.p99"]
            at = y + 0.13 * (2 - i)
            ax.plot([p50, p99], [at, at], color=f"#{'0072B2 D55E00 009E73 CC79A7 000000'.split()[i]}", linewidth=1.5)
            ax.plot(p50, at, "os^Dv"[i], color=f"#{'0072B2 D55E00 009E73 CC79A7 000000'.split()[i]}", markersize=5,
                    label=rung.replace("_", " ") if y == 0 else None)
        times = [d.loc[design, f"finality.{r}.p50"] for r in rungs]
        parts = np.diff([0.0] + times)
        rows.append([design.replace("_", " ")] + [duration(t) for t in times] + [f"{rungs[int(parts.argmax())].replace('_', ' ')}"
                                                                                 f" ({100 * parts.max() / times[-1]:.0f} %)"])
    ax.set_yticks(range(len(d.index)), [name.replace("_", " ") for name in d.index])
    ax.invert_yaxis()
    ax.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.4, 1.16), ncols=5, handletextpad=0.2, columnspacing=0.8)
    optimistic, final = d.loc["optimistic_rollup", "finality.settled.p50"], d.loc["optimistic_rollup", "finality.order_final.p50"] - \
        d.loc["optimistic_rollup", "finality.published.p50"]
    return Answer(
        table(["design"] + [r.replace("_", " ") for r in rungs] + ["longest part"], rows),
        f"What follows layer one's finality dominates everywhere but in a channel: {duration(optimistic)} on an optimistic rollup, {rows[1][5]} with validity proofs, {rows[5][5]} on plasma, "
        f"against seconds of blocks and minutes of publication.",
        f"A-T-1 to A-T-4: 7 d of challenge window, two plasma exit periods of 7 d. A-T-5: from publication to layer one's finality 12.8 to 19.2 min; here {duration(final)}. "
        "Blocks of 12 s, so that a transaction waits 6 s on average (A-Q-7), and the median is in the next block.", figure)


def answer_04(s):
    age, fee = "availability.max_channel_duration", "layer1.demand.reference_blob_fee"
    h = 1.3e-6  # ETH per second that a transaction waits
    d = s.runs.groupby([fee, age], sort=False).mean(numeric_only=True).reset_index()
    figure, ax = axes("largest age of a batch (s)", "cost of a transaction, posting and waiting (ETH)", xlog=True, ylog=True)
    rows, best = [], []
    for i, level in enumerate(dict.fromkeys(d[fee])):
        of = d[d[fee] == level]
        t = np.array([amount(v) for v in of[age]])
        count = of["transaction.cost.mean"].rdiv(of["l1.gas_cost"] + of["l1.blob_cost"])
        total = (of["transaction.cost.mean"] + h * of["finality.published.p50"]).to_numpy()
        per_batch = float(((of["l1.gas_cost"] + of["l1.blob_cost"]) / of["batches"]).median())
        rate = float(count.median()) / 7200.0
        star = math.sqrt(2.0 * per_batch / (h * rate))
        name = f"{amount(level) * 3:.0f} gwei"
        curve(ax, i, t, total, label=f"blob fee {name}")
        grid = np.geomspace(t[0], t[-1], 60)
        law(ax, i, grid, per_batch / (rate * grid) + h * grid / 2.0)
        best.append((t[total.argmin()], star))
        rows.append([name, f"{per_batch:.2e}", f"{rate:.2f}", duration(star), duration(t[total.argmin()])])
    ax.legend()
    return Answer(
        table(["blob fee", "cost of a batch (ETH)", "transactions per second", "T* of the law", "cheapest of the grid (factor 2)"], rows),
        f"With waiting priced at {h:g} ETH a second and transaction the cheapest batch is {duration(best[0][0])}, {duration(best[1][0])} and {duration(best[2][0])} old at blob fees of "
        f"{rows[0][0]}, {rows[1][0]} and {rows[2][0]}: it grows with the square root of the fee.",
        f"A-Q-12, T* = sqrt(2 C / (h rate)): {duration(best[0][1])}, {duration(best[1][1])}, {duration(best[2][1])}; the grid doubles, so it can only be right within a factor of 1.4 or so. "
        "Dashed: the law's whole curve; what lies above it is inclusion on layer one.", figure)


def answer_05(s):
    block, threshold = "sequencing.block_time", "agent[0].threshold"
    hours, value = 3.0, 40e6  # length of a run; both sides of the pool
    figure, ax = axes("block time (s)", "arbitrageur's gain / loss of a feeless pool", xlog=True, ylog=True)
    sigma = 0.955 / math.sqrt(365.0)  # a day
    lvr = sigma**2 / 8.0 * value * hours / 24.0
    m = s.mean([threshold, block], lambda r: r["agents.pool_arbitrageur.gain"] / lvr)
    names = {"5 bp": "fee only", "20 bp": "fee and gas"}
    rows, ends = [], {}
    for i, t in enumerate(dict.fromkeys(m[threshold])):
        of = m[m[threshold] == t]
        dt = np.array([amount(v) for v in of[block]])
        curve(ax, i, dt, of["mean"], of["half"], names[t])
        ends[t] = of["mean"].iloc[0] / of["mean"].iloc[2]
        expected = 1.0 / (1.0 + 1.71645 * 5e-4 / (sigma * np.sqrt(dt / 86400.0)))
        rows.append([names[t]] + [f"{a:.3f} +- {b:.3f}" for a, b in zip(of["mean"], of["half"])])
    grid = np.geomspace(0.25, 60.0, 60)
    law(ax, 0, grid, 1.0 / (1.0 + 1.71645 * 5e-4 / (sigma * np.sqrt(grid / 86400.0))), "A-LVR-6")
    rows.insert(1, ["law, fee only"] + [f"{e:.3f}" for e in expected])
    ax.legend()
    return Answer(
        table(["arbitrageur"] + [f"blocks of {v}" for v in dict.fromkeys(m[block])], rows),
        f"Yes, but less with gas: from blocks of 12 s to 250 ms the loss falls by {100 * (1 - ends['5 bp']):.0f} % when the fee alone keeps arbitrageurs away, "
        + (f"by {100 * (1 - ends['20 bp']):.0f} %" if ends["20 bp"] < 0.99 else "not at all") + " when gas adds 15 bp to what a trade must bring.",
        "A-LVR-6 and A-LVR-7: 0.407 at 12 s, 0.090 at 250 ms (dashed). B-LVR-1: 20 to 70 % in practice.", figure)


def answer_06(s):
    key = "push_oracle.fee_cap"
    share, debt, delay = (s.mean(key, m) for m in ("liquidations.uncontested.share", "bad_debt.usd", "liquidations.delay.p99"))
    names = ["nobody re-prices", "one of three does", "all do", "all and the oracle"]
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.4))
    for i in range(4):
        style = dict(color=COLOURS[i], capsize=4, width=0.6)
        left.bar(i, 100 * share["mean"].iloc[i], yerr=100 * share["half"].iloc[i], **style)
        right.bar(i, debt["mean"].iloc[i] / 1e3, yerr=debt["half"].iloc[i] / 1e3, **style)
    left.axhline(36.0, color="black", linestyle="--", linewidth=1.2)
    left.text(3.4, 37.5, "36 % (B-MK-1)", ha="right")
    left.set_ylabel("liquidations without a second bid (%)")
    right.set_ylabel("bad debt (thousand USD)")
    for ax in (left, right):
        ax.set_xticks(range(4), ["nobody\nre-prices", "one\nof three", "all", "all and\nthe oracle"], fontsize=9)
    rows = [[names[i], f"{100 * share['mean'].iloc[i]:.1f} +- {100 * share['half'].iloc[i]:.1f} %", f"{debt['mean'].iloc[i]:,.0f} +- {debt['half'].iloc[i]:,.0f}",
             duration(delay["mean"].iloc[i])] for i in range(4)]
    unsure = " (three seeds are too few to be sure)" if debt["half"].iloc[0] > debt["mean"].iloc[0] else ""
    return Answer(
        table(["who pays what gas costs", "without a second bid", "bad debt (USD)", "liquidation delay, 99 %"], rows),
        f"One keeper that re-prices its gas takes bad debt from {debt['mean'].iloc[0]:,.0f} to {debt['mean'].iloc[1]:,.0f} USD{unsure} but has no competition in {100 * share['mean'].iloc[1]:.0f} % of the liquidations; "
        f"when all do it is {100 * share['mean'].iloc[2]:.1f} %; a price that does not wait for layer one leaves {debt['mean'].iloc[3]:,.0f} USD.",
        "B-MK-1: 36 % (band 25 to 50 %), 5.67 M DAI short. The cap of 40 gwei is fitted to the 36 %; a perpetual venue has a fillable price, so nothing goes for zero.", figure)


def answer_07(s):
    key = "agent[3].capital"
    share = s.mean(key, lambda r: r["adl.notional"] / r["liquidations.notional"])
    delay = s.mean(key, "agents.liquidator.0.deleverage.delay")
    capital = np.array([2 * amount(v) for v in share[key]]) / 1e6
    figure, ax = axes("capital of the backstop (million USD)", "deleveraged / liquidated (%)")
    curve(ax, 0, capital, 100 * share["mean"], 100 * share["half"], "simulated")
    ax.axhline(38.2, color="black", linestyle="--", linewidth=1.2, label="B-HL-1: 38 %")
    ax.legend()
    rows = [[f"{c:.2f}", f"{100 * a:.1f} +- {100 * b:.1f} %", duration(t) if t == t else "never"]
            for c, a, b, t in zip(capital, share["mean"], share["half"], delay["mean"])]
    none = [c for c, a in zip(capital, share["mean"]) if a == 0.0]
    fitted = float(np.interp(-0.382, -share["mean"], capital))  # falls with the capital
    at = int(np.abs(share["mean"] - 0.382).argmin())
    return Answer(
        table(["backstop (M USD)", "deleveraged / liquidated", "first deleveraging after the first liquidation"], rows),
        f"A backstop of {fitted:.2f} M USD deleverages the published 38 % of what is liquidated, and the first comes {rows[at][2]} after the first liquidation; "
        + (f"{none[0]:g} M USD avoid it altogether." if none else f"{capital[-1]:g} M USD leave {rows[-1][1]}."),
        "B-HL-1: 38 %, first after 61.7 s (nobody is bankrupt before the price has fallen through the maintenance margin; tolerance a factor of two). Who is hit (B-HL-2) is not shown: deleveraging follows dYdX v4's offsets, not profit x leverage.", figure)


def answer_08(s):
    fund = "market.insurance_fund"
    d = s.runs
    top = d[d[fund] == "10_000_000 USD"]
    days = 100.0
    daily = (top["insurance_fund.end"] - top["insurance_fund.start"]) / days
    mu, sd = daily.mean(), daily.std() * math.sqrt(days)  # per day
    drawdown = (top["insurance_fund.start"] - top["insurance_fund.min"]).to_numpy()

    def ruin(u):
        root = sd * math.sqrt(days)
        return normal((-u - mu * days) / root) + math.exp(min(0.0, -2.0 * mu * u / sd**2) if mu > 0 else -2.0 * mu * u / sd**2) * normal((-u + mu * days) / root)

    sizes = np.array([amount(v) for v in dict.fromkeys(d[fund])])
    ruined = np.array([(d[d[fund] == v]["bad_debt.usd"] > 0.0).mean() for v in dict.fromkeys(d[fund])])
    figure, ax = axes("fund (thousand USD)", "ruined within 100 days (share of the runs)")
    grid = np.linspace(0.0, max(drawdown.max() * 1.1, 1.0), 80)
    ax.step(grid / 1e3, [(drawdown > u).mean() for u in grid], color="#0072B2", label="drawdown of a large fund")
    ax.plot(sizes[:-1] / 1e3, ruined[:-1], "s", color="#D55E00", label="funds of this size")
    law(ax, 2, grid / 1e3, [ruin(u) for u in grid], "diffusion with the same mean and deviation (A-G-3)")
    ax.legend()
    u999 = 0.0
    while ruin(u999) > 0.001 and u999 < 1e9:
        u999 += 1000.0
    rows = [[f"{u / 1e3:,.0f}", f"{100 * r:.0f} %", f"{100 * (drawdown >= u).mean():.0f} %", f"{100 * ruin(u):.1f} %"] for u, r in zip(sizes[:-1], ruined[:-1])]
    return Answer(
        table(["fund (thousand USD)", "ruined", "large fund's drawdown exceeds it", "diffusion (A-G-3)"], rows),
        f"The fund moves by {mu / 1e3:.2f} thousand USD a day with a deviation of {sd / 1e3:.1f}; a diffusion of that kind needs {u999 / 1e3:,.0f} thousand USD for 99.9 %, while the worst of {len(top)} runs "
        f"drew down {drawdown.max() / 1e3:,.0f} thousand.",
        "A-G-3 over 100 days (dashed); A-G-2: claims come as jumps, so the true tail is heavier than the diffusion's. B-DYDX-1: one day took 40 % of a fund.", figure)


def answer_12(s):
    protocol, count = "settlement.protocol", "bold.adversary.count"
    names = {"fault_dispute": "fault games", "bold": "BoLD"}
    d = s.runs
    figure, ax = axes("false claims at one time", "days")
    rows = []
    for i, p in enumerate(names):
        of = d[d[protocol] == p]
        longest, settled = of["disputes.duration.p99"] / 86400.0, of["finality.settled.p99"] / 86400.0
        curve(ax, i, of[count], longest, label=f"longest dispute, {names[p]}")
        ax.plot(of[count], settled, color=COLOURS[i], marker=MARKERS[i], fillstyle="none", linestyle=":", label=f"settled (99 %), {names[p]}")
        rows += [[names[p], str(n), f"{a:.2f} d", f"{b:.2f} d", duration(g), f"{m:.0f}", f"{c:,.0f}" if c == c else "bonds of each game"]
                 for n, a, b, g, m, c in zip(of[count], longest, settled, of["finality.settled.longest_gap"], of["disputes.moves"],
                                             of["bold.stakes_confiscated"])]
    ax.axhline(14.727, color="black", linestyle="--", linewidth=1.2, label="bound of A-T-2, 14.73 d")
    ax.set_ylim(0, 19.5)
    ax.set_xticks([1, 2, 4])
    ax.legend(fontsize=8, ncols=2, loc="upper left")
    return Answer(
        table(["protocol", "false claims", "longest dispute", "settled (99 %)", "longest time without a settled block", "moves", "stakes lost (ETH)"], rows),
        f"Under BoLD the longest dispute stays {rows[3][2]} with one adversary or four, each of whom loses {rows[3][6]} ETH, but every withdrawal behind it waits: the 99 % of settlement "
        f"goes to {rows[3][3]}. Fault games last {rows[0][2]} to {rows[2][2]}, but honest claims beside them settle in {rows[0][3]}.",
        "A-T-2: BoLD undisputed 6.36 d, at worst 14.73 d; these adversaries answer ten blocks before the truth's timer ends. Fault games against a staller: 9.26 to 11.57 d by "
        "their clocks, more when the challenger plays several. A-G-4 and A-G-5 (who checks at all): `mezz validate verifier_dilemma five_verifiers ten_verifiers`.", figure)


def answer_14(s):
    demand, holders = "shock[1].magnitude", "plasma.holders"
    m = s.runs.groupby([holders, demand], sort=False).mean(numeric_only=True).reset_index()
    figure, ax = axes("demand for gas during the spike (factor)", "days until an exit is paid", xlog=True)
    rows = []
    for i, n in enumerate(dict.fromkeys(m[holders])):
        of = m[m[holders] == n]
        curve(ax, i, of[demand], of["exits.delay.p50"] / 86400.0, label=f"{n:,} holders, median")
        rows += [[f"{n:,}", f"{k:.0f}", f"{7 * k**(1 / 0.6):.0f}", f"{a / 86400:.2f} d", f"{b / 86400:.2f} d", f"{100 * p / w:.1f} %", f"{f:,.0f}"]
                 for k, a, b, p, w, f in zip(of[demand], of["exits.delay.p50"], of["exits.delay.p99"], of["exits.processed"], of["exits.wanted"], of["exits.fees"])]
    limit = (53.5 / 7.0) ** 0.6
    ax.axvline(limit, color="black", linestyle="--", linewidth=1.2, label="mean fee is above the bounty (by hand)")
    ax.set_xticks([1, 2, 3, 4, 6, 10], ["1", "2", "3", "4", "6", "10"])
    ax.minorticks_off()
    ax.set_ylim(0, 12)
    ax.legend(loc="upper left")
    return Answer(
        table(["holders", "demand for gas", "base fee by hand (gwei)", "paid after, median", "99 %", "paid of those who want to leave", "users' fees (ETH)"], rows),
        f"Block space does not fail, the bounty does: up to four times the demand exits are paid after {rows[3][3]}; at six times they wait for hours in which the fee is low; at ten times nobody processes them "
        f"for 0.00535 ETH until the spike is over, {rows[5][3]}.",
        "A-T-7: 20 000 exits need 100 full blocks, 20 min; two exit periods of 3 d are 6 d. By hand: 100 k gas cost more than the bounty above 53.5 gwei, the mean fee at 3.4 times the demand; the fee varies, so its dips still help at six times. "
        "A channel's accounts leave with the hub's signature, one call each. A-T-7 itself: `mezz validate mass_exit mass_exit_too_many`.", figure)


def answer_15(s):
    hole_key, samples_key, clients_key = (f"data_sampling.{k}" for k in ("withheld", "samples", "clients"))
    holes, samples, clients = (sorted(set(int(v) for v in s.runs[k])) for k in (hole_key, samples_key, clients_key))

    def grid(keys, metric):
        """Means over the seeds as an array, an axis for each key."""
        means = s.mean(keys, metric).sort_values(keys)["mean"].to_numpy()
        return means.reshape([s.runs[k].nunique() for k in keys])

    fooled = grid([hole_key, samples_key, clients_key], "data_sampling.fooled.share")
    alone = grid([hole_key, samples_key, clients_key], "data_sampling.deceived.share")[:, :, -1]  # the most draws
    rebuilt = grid([samples_key, clients_key], "data_sampling.rebuilt.share")
    side = 64  # k = 32, doubled

    def miss(hole, count):
        """Hypergeometric: `count` different shares of which none is in the hole."""
        n, there = side * side, side * side - hole * hole
        return math.prod((there - i) / (n - i) for i in range(count))

    figure, panels = plt.subplots(1, len(holes), figsize=(7.6, 3.9), sharey=True)
    figure.suptitle("Withheld blocks that some client accepts: simulated (law)", fontsize=10)
    rows = []
    for h, (ax, hole) in enumerate(zip(panels, holes)):
        ax.imshow(fooled[h], cmap="cividis", vmin=0, vmax=1, aspect="auto")
        ax.grid(False)
        ax.set_xticks(range(len(clients)), [f"{c:,}" for c in clients])
        ax.set_yticks(range(len(samples)), samples)
        ax.set_xlabel("light clients")
        ax.set_title(f"{hole} x {hole} of {side} x {side} shares withheld", fontsize=10)
        for i, count in enumerate(samples):
            law_of = [1.0 - (1.0 - miss(hole, count)) ** c for c in clients]
            for j, expected in enumerate(law_of):
                ax.text(j, i, f"{fooled[h, i, j]:.3f}\n({expected:.3f})", ha="center", va="center", fontsize=8,
                        color="white" if fooled[h, i, j] < 0.55 else "black")
            rows.append([f"{hole} x {hole}", str(count), f"{alone[h, i]:.2e} ({miss(hole, count):.2e})"]
                        + [f"{a:.3f} ({b:.3f})" for a, b in zip(fooled[h, i][1:], law_of[1:])] + [f"{100 * rebuilt[i, j]:.0f} %" for j in (-2, -1)])
    panels[0].set_ylabel("samples of each")
    gap = max(abs(fooled[h, i, j] - (1.0 - (1.0 - miss(hole, count)) ** c))
              for h, hole in enumerate(holes) for i, count in enumerate(samples) for j, c in enumerate(clients))
    return Answer(
        table(["withheld", "samples", "a client accepts (law)"] + [f"some of {c:,} does (law)" for c in clients[1:]]
              + [f"whole blocks that {c:,} can rebuild" for c in clients[-2:]], rows),
        f"Samples keep a client safe, not clients: of blocks with the least hole that cannot be repaired a client with {samples[2]} samples accepts {100 * miss(holes[0], samples[2]):.2f} % and with {samples[3]} samples "
        f"{100 * miss(holes[0], samples[3]):.4f} %; some of {clients[2]} accept {100 * fooled[0, 2, 2]:.0f} % and {100 * fooled[0, 3, 2]:.1f} %. What many clients give is repair: {clients[3]:,} that take {samples[1]} samples hold "
        f"enough to rebuild {100 * rebuilt[1, 3]:.0f} % of the blocks that are there, {clients[2]} hold enough for {100 * rebuilt[1, 2]:.0f} %.",
        f"A-D-1 and A-D-2, hypergeometric, in brackets; of c clients some accept with 1 - (1 - q)^c. The largest distance in the map is {gap:.3f}, over {4 * 199} blocks with a deviation of at most 0.018. A larger hole is found sooner. "
        "A-D-3 and the rows of the sheet: `mezz validate sampling_square_15 sampling_square_k32 sampling_columns_8`. "
        "The producer answers all alike; one that waits to see who asks (selective disclosure) is not modelled.",
        figure)


def answer_16(s):
    rule = "sequencing.order"
    maker, taker = s.mean(rule, "agents.market_maker.profit"), s.mean(rule, "agents.index_arbitrageur.gain")
    names = {"first_come": "first come", "priority_fee": "by tip", "express_lane": "express lane, 200 ms", "batch_auction": "batch per block"}
    figure, ax = axes("", "USD in 20 minutes (arbitrageur x 10)", size=(6.4, 3.6))
    x = np.arange(len(names))
    ax.bar(x - 0.2, maker["mean"], 0.38, yerr=maker["half"], color="#0072B2", capsize=4, label="maker's profit")
    ax.bar(x + 0.2, 10 * taker["mean"], 0.38, yerr=10 * taker["half"], color="#D55E00", capsize=4, label="arbitrageur's gain x 10")
    ax.set_xticks(x, list(names.values()))
    ax.set_ylim(0, 1.35 * max(maker["mean"].max(), 10 * taker["mean"].max()))
    ax.legend()
    first = s.runs[s.runs[rule] == "first_come"].set_index("run.seed")

    def paired(other, metric):
        d = s.runs[s.runs[rule] == other].set_index("run.seed")[metric] - first[metric]
        return f"{d.mean():+,.0f} +- {T975[len(d) - 1] * d.std() / math.sqrt(len(d)):,.0f}"

    express = s.runs[s.runs[rule] == "express_lane"]
    rows = [[names[r], f"{a:,.0f} +- {b:,.0f}", "" if r == "first_come" else paired(r, "agents.market_maker.profit"), f"{c:,.0f} +- {e:,.0f}",
             "" if r == "first_come" else paired(r, "agents.index_arbitrageur.gain")]
            for r, a, b, c, e in zip(names, maker["mean"], maker["half"], taker["mean"], taker["half"])]

    def moved(row, column):
        return rows[row][column].split(" ")[0][1:]

    return Answer(
        table(["rule", "maker's profit (USD)", "against first come, same seeds", "arbitrageur's gain (USD)", "against first come"], rows),
        f"Priority that can be bought moves money from the maker to the arbitrageur: tips cost the maker {moved(1, 2)} USD of {maker['mean'].iloc[0]:,.0f} and the express lane "
        f"{moved(2, 2)}; the arbitrageur gains {moved(1, 4)} and {moved(2, 4)}; "
        f"{100 * express['express_lane.revert_share'].mean():.0f} % of the lane's transactions revert. Batches take {moved(3, 4)} from the arbitrageur, but {moved(3, 2)} from the maker too: "
        "buyers and sellers of one block meet each other between his quotes, and what he loses is the users' gain.",
        "A-M-4: a maker lives on the spread, so his profit stays positive; arXiv 2512.10094: the lane's holder wins the races. Budish, Cramton, Shim (2015): a batch ends the race for a stale quote; "
        "with one arbitrageur nobody bids its price away. With seed 1 users trade 61,402 lots with each other in batches, none with first come, and 410,603 instead of 536,951 with the maker. "
        "Longer batches (`sequencing.batch_auction.interval`) cost the maker more and do not help against the arbitrageur: at 1 s the maker keeps 7,558 USD and the arbitrageur gains 1,275, since quotes and orders are a second old when they meet.",
        figure)


def answer_18(s):
    key = "agent[2].hedge_every"
    m = s.mean(key, "agents.listing_maker.hedge_error.rms")
    t = np.array([amount(v) for v in m[key]])
    slopes = []
    for _, one in s.runs.groupby("run.seed"):
        slopes.append(np.polyfit(np.log(t), np.log(one["agents.listing_maker.hedge_error.rms"]), 1)[0])
    half = T975[len(slopes) - 1] * np.std(slopes, ddof=1) / math.sqrt(len(slopes))
    figure, ax = axes("time between two hedges (s)", "root of squared hedging errors (USD)", xlog=True, ylog=True)
    curve(ax, 0, t, m["mean"], m["half"], "simulated")
    middle = math.exp(np.mean(np.log(m["mean"])))
    law(ax, 6, t, middle * np.sqrt(t / math.exp(np.mean(np.log(t)))), "slope 1/2 (A-O-5)")
    ax.legend()
    rows = [[v, f"{a:,.0f} +- {b:,.0f}"] for v, a, b in zip(m[key], m["mean"], m["half"])]
    return Answer(
        table(["hedged every", "error (USD)"], rows),
        f"The error grows with the time to the power {np.mean(slopes):.2f} +- {half:.2f}: four times the time makes it {4 ** np.mean(slopes):.1f} times as large.",
        "A-O-5: square root. Other hedgers of the same market wait for a batch to be published or settled: `agent[N].hedge_on` in options_market.", figure)


def answer_19(s):
    cost, clamp, rule = "agent[2].cost", "market.funding.rate_clamp_factor_ppm", "market.funding_rule"

    def basis(run):
        """Mid over oracle less one, in bp, after three hours: mean, deviation, autocorrelation over ten minutes."""
        t = s.table_of_run(run, "tables/blocks", ["time", "best_bid", "best_ask", "oracle"]).astype(float)
        t = t[(t["best_bid"] > 0) & (t["best_ask"] > 0) & (t["time"] > 3 * 3600e9)]
        x = 1e4 * ((t["best_bid"] + t["best_ask"]) / 2.0 / t["oracle"] - 1.0)
        spread = 0.5e4 * ((t["best_ask"] - t["best_bid"]) / t["oracle"]).mean()
        return x.mean(), x.std(), x.autocorr(300), spread

    found = np.array([basis(int(r)) for r in s.runs.index])
    s.runs["mean"], s.runs["deviation"], s.runs["acf"], s.runs["spread"] = found.T
    costs = list(dict.fromkeys(s.runs[cost]))
    figure, ax = axes("arbitrageur's cost (bp)", "basis (bp), funding paid (100 USD)", xlog=True, ylog=True)
    m = s.mean([cost, rule, clamp], "mean")
    paid = s.mean([cost, rule, clamp], "funding.paid")
    free = (m[rule] == "dydx_v4") & (m[clamp] == 6_000_000)
    names = {("dydx_v4", 6_000_000): "dYdX v4", ("dydx_v4", 5_000): "the same, clamp 0.4 bp", ("hyperliquid", 6_000_000): "Hyperliquid",
             ("deribit", 6_000_000): "Deribit", ("derive", 6_000_000): "Derive"}
    c = np.array([1e4 * amount(v) for v in costs])
    half_spread = s.runs["spread"].mean()
    curve(ax, 0, c, m[free]["mean"], m[free]["half"], "basis")
    law(ax, 0, c, c + half_spread, "cost + half the spread (A-P-3)")
    columns = []
    for k, ((of, bound), name) in enumerate(names.items()):
        mine = paid[(paid[rule] == of) & (paid[clamp] == bound)]
        curve(ax, k + 1, c, mine["mean"] / 100, mine["half"] / 100, f"funding, {name}")
        columns.append([f"{v:,.0f}" for v in mine["mean"]])
    ax.set_xticks(c, [f"{v:g}" for v in c])
    ax.minorticks_off()
    ax.set_ylim(0.5, 1e4)
    ax.legend(fontsize=8, loc="upper left", ncols=2)
    by = s.runs.groupby(cost, sort=False).mean(numeric_only=True)
    assert m.groupby(cost, sort=False)["mean"].agg(lambda v: v.max() - v.min()).max() < 0.05, "the rule moves the basis: say so"
    rows = [[v, f"{a:.1f} +- {h:.1f}", f"{k + half_spread:.1f}", f"{by.loc[v, 'deviation']:.1f}", f"{by.loc[v, 'acf']:.2f}", *(col[n] for col in columns)]
            for n, (v, k, a, h) in enumerate(zip(costs, c, m[free]["mean"], m[free]["half"]))]
    return Answer(
        table(["cost", "basis, mean (bp)", "cost + half spread", "deviation (bp)", "autocorrelation, 10 min", *(f"paid, {n} (USD)" for n in names.values())], rows),
        f"The basis is what arbitrage costs, {rows[0][1].split(' ')[0]} bp at 2 bp and {rows[-1][1].split(' ')[0]} bp at 50 bp, whatever the rule, because nobody here "
        f"trades for the funding. What longs pay is another matter: at 50 bp {rows[-1][5]} USD by dYdX's rule, {rows[-1][7]} by Hyperliquid's, {rows[-1][8]} by Deribit's, which leaves 2.5 bp of premium unpaid, and {rows[-1][6]} with a "
        f"clamp of 0.4 bp; at 2 bp {rows[0][5]}, {rows[0][7]}, {rows[0][8]} and {rows[0][6]}.",
        f"A-P-3: inside the band of the costs, here at its edge because buyers never stop ({half_spread:.1f} bp are half the spread). B-FUND-1: with the tight clamp the rate always rests on it, as it does a third of the "
        "time at the venue, whose rule is Hyperliquid's: 1 bp in 8 h while the premium is within 5 bp of that. What remains of the deviation is the oracle's step of 10 bp. Funding as an incentive: `mezz validate perpetual_daily_premium`.",
        figure)
