// Who talks to whom: the parts of a world in groups, by the place they stand at, and the messages
// between them. Positions are shares of the picture, 0 to 1, so that a view may have any size.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gui/model/laboratory/lab_session.h"

namespace mezz::lab {

struct NetworkNode {
  EntityId entity;
  std::string path;   // "l2/sequencer"
  std::string label;  // "sequencer"
  std::string kind;   // SingleSequencer
  std::string place;  // "l2"
  double x = 0;
  double y = 0;
};

struct NetworkGroup {
  std::string place;
  std::string title;  // "layer two"
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

struct Network {
  std::vector<NetworkNode> nodes;  // by entity id
  std::vector<NetworkGroup> groups;

  [[nodiscard]] const NetworkNode* node(EntityId entity) const;
};

Network network_of(const World& world);

// One message, on its way or delivered. A message of a part to itself is a timer.
struct Message {
  std::uint64_t event = UINT64_MAX;  // number of the event, once handled
  EntityId from;
  EntityId to;
  std::string_view kind;  // name of the type; lives as long as the program
  Time sent;
  Time arrives;
  std::string text;

  [[nodiscard]] bool timer() const { return from == to; }
  [[nodiscard]] bool handled() const { return event != UINT64_MAX; }
};

// The last `past` handled and the next `future` pending ones, in order of arrival.
std::vector<Message> messages(const LabSession& session, std::size_t past, std::size_t future);

// "Hide messages like this": by kind, by receiver, by both; empty parts match everything.
struct HiddenRule {
  std::string kind;
  std::string from;  // path
  std::string to;    // path
  bool operator==(const HiddenRule&) const = default;
};
std::string to_text(const HiddenRule& rule);

class MessageFilter {
 public:
  bool timers = false;  // shown

  void hide(HiddenRule rule);
  void show(const HiddenRule& rule);
  void show_all() { rules_.clear(); }
  [[nodiscard]] const std::vector<HiddenRule>& rules() const { return rules_; }
  [[nodiscard]] bool shows(const Message& message, const Network& network) const;
  [[nodiscard]] std::vector<Message> apply(const std::vector<Message>& all,
                                           const Network& network) const;

 private:
  std::vector<HiddenRule> rules_;
};

// Swim lanes, one per part that sends or receives in the range, and arrows between them.
struct SequenceArrow {
  std::size_t from = 0;  // lane
  std::size_t to = 0;
  Time sent;
  Time arrives;
  std::string_view kind;
  std::string text;
  std::uint64_t event = UINT64_MAX;
};
struct SequenceLane {
  EntityId entity;
  std::string label;
  std::string place;
};
struct SequenceChart {
  std::vector<SequenceLane> lanes;  // in the order of the network
  std::vector<SequenceArrow> arrows;
};
// Arrows that touch [from, to]; at most `most`, the latest, so that a picture stays readable.
SequenceChart sequence_chart(const std::vector<Message>& messages, const Network& network,
                             Time from, Time to, std::size_t most = 400);

}  // namespace mezz::lab
