// The settlement world with a bridge and a relayer, and deposits and withdrawals put in by hand.
#pragma once

#include "models/layer2/bridge/canonical_bridge.h"
#include "models/layer2/bridge/withdrawal_relayer.h"
#include "tests/models/layer2/settlement/settlement_world.h"

namespace mezz::testing {

inline constexpr Duration kMaturity = 604'800_s;

struct BridgeWorld {
  SettlementWorld settlement;
  Ref<CanonicalBridge> bridge_ref;
  Ref<WithdrawalRelayer> relayer_ref;

  explicit BridgeWorld(const SettlementOptions& o = {}, const WithdrawalRelayerParams& r = {})
      : settlement(o) {
    World& world = settlement.world;
    bridge_ref = world.add<CanonicalBridge>("bridge", CanonicalBridgeParams{}, &settlement.proof(),
                                            settlement.chain());
    world.place("parties");
    relayer_ref = world.add<WithdrawalRelayer>("relayer", r, settlement.l1, bridge_ref, bridge());
    world.get(settlement.l1).subscribe(bridge_ref);
    world.get(settlement.l1).subscribe(relayer_ref);
    world.get(settlement.node).observe(bridge_ref);
    settlement.proof().watch(relayer_ref);
    ExchangeTotals genesis;
    genesis.deposited = 1'000_usd;
    genesis.insurance_fund = 50_usd;
    genesis.insurance_fund_start = 50_usd;
    bridge().lock_genesis(genesis);
    world.get(settlement.node).deposited = 1'000_usd;
  }
  CanonicalBridge& bridge() { return settlement.world.get(bridge_ref); }
  void transact(Time at, TxKind kind, Money amount) {
    Transaction tx;
    tx.account = AccountId{1};
    tx.kind = kind;
    tx.amount = amount.micros;
    settlement.world.engine().schedule(at, settlement.node, AddTransaction{tx});
  }
  void withdraw(Time at, Money amount) { transact(at, TxKind::Withdraw, amount); }
  void lock(Time at, Money amount) {
    settlement.world.engine().schedule(
        at, Ref<EscrowLedger>(bridge_ref),
        DepositLocked{.account = AccountId{1}, .amount = amount, .height = 1});
  }
  bool conserved() {
    const BlockMaker& node = settlement.world.get(settlement.node);
    ExchangeTotals totals;
    totals.deposited = node.deposited;
    totals.withdrawn = node.withdrawn;
    return bridge().check_conservation(totals);
  }
};

}  // namespace mezz::testing
