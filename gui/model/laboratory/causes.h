// Why something happened: the event that sent an event, the one that sent that, and so on back to a
// timer or the start; and the way of one transaction through the rungs of finality, with the time
// of each leg. Both as inspectors: "event 1234" and "transaction 42".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gui/model/laboratory/inspector.h"
#include "gui/model/laboratory/lab_session.h"

namespace mezz::lab {

// The event itself first, then its cause, the cause of that, ...; as far back as events are kept
// (LabSession::kEventsKept). Empty when the event is not kept.
std::vector<const LoggedEvent*> causes_of(const LabSession& session, std::uint64_t number);
// The transaction whose fate an event tells: of a receipt.
std::optional<std::uint64_t> transaction_of(const LoggedEvent& event);

// As inspect() of a study, and "event N".
Inspector inspect(const LabSession& session, const std::string& id);
// The ladder; `number` counts the transactions of the chain, from 0.
Inspector inspect_transaction(const Study& study, std::uint64_t number);

}  // namespace mezz::lab
