#include "gui/model/laboratory/network.h"

#include <algorithm>
#include <map>

namespace mezz::lab {

namespace {

struct PlaceBox {
  std::string_view place;
  std::string_view title;
  double left, top, width, height;
};

// From left to right the way of a transaction: the outside world and its oracle, the traders, layer
// two, those who settle, layer one.
constexpr PlaceBox kPlaces[] = {
    {"world", "outside", 0.01, 0.02, 0.16, 0.46},
    {"oracle", "oracle", 0.01, 0.54, 0.16, 0.44},
    {"agents", "traders", 0.20, 0.02, 0.20, 0.96},
    {"l2", "layer two", 0.43, 0.02, 0.18, 0.96},
    {"settlement", "claims and proofs", 0.64, 0.02, 0.16, 0.96},
    {"l1", "layer one", 0.83, 0.02, 0.16, 0.96},
};

const PlaceBox* box_of(std::string_view place) {
  for (const PlaceBox& box : kPlaces) {
    if (box.place == place) return &box;
  }
  return nullptr;
}

std::string label_of(const std::string& path) {
  const std::size_t slash = path.find('/');
  std::string label = slash == std::string::npos ? path : path.substr(slash + 1);
  std::replace(label.begin(), label.end(), '_', ' ');
  return label;
}

}  // namespace

const NetworkNode* Network::node(EntityId entity) const {
  return entity.value < nodes.size() ? &nodes[entity.value] : nullptr;
}

Network network_of(const World& world) {
  Network out;
  std::map<std::string, std::vector<std::size_t>> members;
  for (const Entity* entity : world.entities()) {
    NetworkNode& node = out.nodes.emplace_back();
    node.entity = entity->id();
    node.path = entity->path();
    node.label = label_of(node.path);
    node.kind = std::string(entity->kind());
    node.place = world.place_of(entity->id());
    members[node.place].push_back(out.nodes.size() - 1);
  }
  for (const auto& [place, inside] : members) {
    const PlaceBox* box = box_of(place);
    NetworkGroup& group = out.groups.emplace_back();
    group.place = place;
    group.title = box == nullptr ? place : std::string(box->title);
    group.left = box == nullptr ? 0.43 : box->left;
    group.top = box == nullptr ? 0.02 : box->top;
    group.width = box == nullptr ? 0.18 : box->width;
    group.height = box == nullptr ? 0.96 : box->height;
    // One column up to a dozen, then two, ...
    const std::size_t columns = (inside.size() + 11) / 12;
    const std::size_t rows = (inside.size() + columns - 1) / columns;
    for (std::size_t i = 0; i < inside.size(); ++i) {
      NetworkNode& node = out.nodes[inside[i]];
      const auto column = static_cast<double>(i / rows);
      const auto row = static_cast<double>(i % rows);
      node.x = group.left + group.width * (column + 0.5) / static_cast<double>(columns);
      node.y = group.top + 0.05 + (group.height - 0.06) * (row + 0.5) / static_cast<double>(rows);
    }
  }
  return out;
}

std::vector<Message> messages(const LabSession& session, std::size_t past, std::size_t future) {
  std::vector<Message> out;
  const std::deque<LoggedEvent>& log = session.events();
  for (std::size_t i = log.size() > past ? log.size() - past : 0; i < log.size(); ++i) {
    const LoggedEvent& event = log[i];
    out.push_back({event.number, event.from, event.to, event.handler->message, event.sent,
                   event.time, message_text(*event.handler, event.payload)});
  }
  for (const FutureEvent& event : session.future(future)) {
    out.push_back({UINT64_MAX, event.from, event.to, event.handler->message, event.sent, event.time,
                   message_text(*event.handler, event.payload)});
  }
  return out;
}

std::string to_text(const HiddenRule& rule) {
  std::string out = rule.kind.empty() ? "all messages" : rule.kind;
  if (!rule.from.empty()) out += " from " + rule.from;
  if (!rule.to.empty()) out += " to " + rule.to;
  return out;
}

void MessageFilter::hide(HiddenRule rule) {
  if (std::find(rules_.begin(), rules_.end(), rule) == rules_.end()) {
    rules_.push_back(std::move(rule));
  }
}

void MessageFilter::show(const HiddenRule& rule) { std::erase(rules_, rule); }

bool MessageFilter::shows(const Message& message, const Network& network) const {
  if (message.timer() && !timers) return false;
  const auto path = [&](EntityId entity) {
    const NetworkNode* node = network.node(entity);
    return node == nullptr ? std::string_view() : std::string_view(node->path);
  };
  return std::none_of(rules_.begin(), rules_.end(), [&](const HiddenRule& rule) {
    return (rule.kind.empty() || rule.kind == message.kind) &&
           (rule.from.empty() || rule.from == path(message.from)) &&
           (rule.to.empty() || rule.to == path(message.to));
  });
}

std::vector<Message> MessageFilter::apply(const std::vector<Message>& all,
                                          const Network& network) const {
  std::vector<Message> out;
  for (const Message& message : all) {
    if (shows(message, network)) out.push_back(message);
  }
  return out;
}

SequenceChart sequence_chart(const std::vector<Message>& messages, const Network& network,
                             Time from, Time to, std::size_t most) {
  std::vector<const Message*> seen;
  for (const Message& message : messages) {
    const bool known = network.node(message.from) != nullptr && network.node(message.to) != nullptr;
    if (known && message.sent <= to && message.arrives >= from) seen.push_back(&message);
  }
  if (seen.size() > most) seen.erase(seen.begin(), seen.end() - static_cast<std::ptrdiff_t>(most));
  std::map<std::uint32_t, std::size_t> lanes;  // entity -> lane
  for (const Message* message : seen) {
    lanes[message->from.value];
    lanes[message->to.value];
  }
  std::vector<const NetworkNode*> order;
  for (const auto& lane : lanes) order.push_back(network.node(EntityId{lane.first}));
  std::stable_sort(order.begin(), order.end(), [](const NetworkNode* a, const NetworkNode* b) {
    return a->x < b->x || (a->x == b->x && a->y < b->y);
  });
  SequenceChart out;
  for (const NetworkNode* node : order) {
    lanes[node->entity.value] = out.lanes.size();
    out.lanes.push_back({node->entity, node->label, node->place});
  }
  for (const Message* message : seen) {
    out.arrows.push_back({lanes[message->from.value], lanes[message->to.value], message->sent,
                          message->arrives, message->kind, message->text, message->event});
  }
  return out;
}

}  // namespace mezz::lab
