#include "models/layer2/channel/channel_params.h"

#include <string>

#include "sim/check/error.h"

namespace mezz {

void check(const ChannelParams& p, const char* section) {
  const std::string at = section;
  const auto reject = [&at](const char* key, const char* problem) {
    throw ScenarioError(at + key, problem);
  };
  check(p.parties.think_time, at + ".parties.think_time");
  if (p.hub.sign_timeout < p.hub.resend_after) {
    reject(".hub.sign_timeout",
           "must not be below hub.resend_after: the hub would challenge before it asks again");
  }
  if (p.hub.update_interval > p.hub.heartbeat) {
    reject(".hub.update_interval",
           "must not be above hub.heartbeat, the longest time between two blocks");
  }
  if (p.parties.hub_patience <= p.hub.heartbeat) {
    reject(".parties.hub_patience",
           "must be above hub.heartbeat: an idle hub would be taken for a dead one");
  }
  if (p.hub.sign_timeout >= p.contract.challenge_duration) {
    reject(".hub.sign_timeout",
           "must be below contract.challenge_duration: a signature may not take longer than a "
           "dispute about it");
  }
  if (p.contract.virtual_share > Ratio::zero() && p.contract.hub_capital == Ratio::zero()) {
    reject(".contract.hub_capital",
           "must be above 0 with virtual channels: who locks nothing cannot be their intermediary");
  }
  if (p.parties.think_time.mean >= p.hub.sign_timeout) {
    reject(".parties.think_time.mean",
           "must be below hub.sign_timeout: every signature would come too late");
  }
  if (p.hub.resend_after <= p.parties.think_time.mean) {
    reject(".hub.resend_after",
           "must be above parties.think_time.mean, or every state is sent twice");
  }
  for (const auto* fees : {&p.hub.fees, &p.parties.fees, &p.watchtower.fees}) {
    if (fees->tip > fees->cap) {
      reject(fees == &p.hub.fees       ? ".hub.fees.tip"
             : fees == &p.parties.fees ? ".parties.fees.tip"
                                       : ".watchtower.fees.tip",
             "must not be above the cap: nothing would ever be included");
    }
  }
}

}  // namespace mezz
