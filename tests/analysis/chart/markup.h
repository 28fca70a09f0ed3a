// Just enough of an XML reader to hold a drawing or a page to being well-formed, and to find its
// elements. Anything it does not understand is an error: entities other than the five, attributes
// without quotes, tags that do not close.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mezz {

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  // directly inside, escaped as it is written

  [[nodiscard]] double number(const std::string& attribute) const {
    return std::stod(attributes.at(attribute));
  }
  [[nodiscard]] bool has_class(std::string_view name_of_class) const {
    const auto found = attributes.find("class");
    if (found == attributes.end()) return false;
    return (" " + found->second + " ").find(" " + std::string(name_of_class) + " ") !=
           std::string::npos;
  }
};

class Markup {
 public:
  // Throws std::runtime_error when the text is not well-formed.
  explicit Markup(std::string_view text) : text_(text) {
    std::vector<std::size_t> open;
    while (at_ < text_.size()) {
      if (text_[at_] != '<') {
        take_text(open);
      } else if (skipped("<!DOCTYPE", ">") || skipped("<!--", "-->")) {
        continue;
      } else if (text_.substr(at_).starts_with("</")) {
        close(open);
      } else {
        take_element(open);
      }
    }
    if (!open.empty()) fail("<" + elements[open.back()].name + "> is never closed");
  }

  std::vector<Element> elements;  // in the order in which they open

  [[nodiscard]] std::vector<Element> all(std::string_view name,
                                         std::string_view of_class = {}) const {
    std::vector<Element> out;
    for (const Element& element : elements) {
      if (element.name != name) continue;
      if (of_class.empty() || element.has_class(of_class)) out.push_back(element);
    }
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw std::runtime_error(problem + " at " + std::to_string(at_) + ": " +
                             std::string(text_.substr(at_, 60)));
  }
  bool skipped(std::string_view begin, std::string_view end) {
    if (!text_.substr(at_).starts_with(begin)) return false;
    const std::size_t to = text_.find(end, at_);
    if (to == std::string_view::npos) fail("no end");
    at_ = to + end.size();
    return true;
  }
  void check_entities(std::string_view text) const {
    for (std::size_t i = text.find('&'); i != std::string_view::npos; i = text.find('&', i + 1)) {
      bool known = false;
      for (const char* entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
        known = known || text.substr(i).starts_with(entity);
      }
      if (!known) fail("a bare &");
    }
  }
  void take_text(const std::vector<std::size_t>& open) {
    const std::size_t end = std::min(text_.find('<', at_), text_.size());
    const std::string_view text = text_.substr(at_, end - at_);
    check_entities(text);
    if (!open.empty()) elements[open.back()].text += text;
    if (open.empty() && text.find_first_not_of(" \n") != std::string_view::npos)
      fail("text outside");
    at_ = end;
  }
  std::string word() {
    const std::size_t end = text_.find_first_of(" \n=/>", at_);
    if (end == std::string_view::npos || end == at_) fail("no name");
    const std::string out(text_.substr(at_, end - at_));
    at_ = end;
    return out;
  }
  void close(std::vector<std::size_t>& open) {
    at_ += 2;
    const std::string name = word();
    if (open.empty() || elements[open.back()].name != name) fail("</" + name + "> closes nothing");
    open.pop_back();
    if (text_[at_++] != '>') fail("no >");
  }
  void take_element(std::vector<std::size_t>& open) {
    ++at_;
    Element element{.name = word(), .attributes = {}, .text = {}};
    while (text_.at(at_) == ' ') {
      ++at_;
      const std::string name = word();
      if (text_.substr(at_, 2) != "=\"") fail("an attribute without quotes");
      const std::size_t end = text_.find('"', at_ + 2);
      if (end == std::string_view::npos) fail("no end of the attribute");
      const std::string_view value = text_.substr(at_ + 2, end - at_ - 2);
      check_entities(value);
      if (value.find('<') != std::string_view::npos) fail("< in an attribute");
      if (!element.attributes.emplace(name, value).second) fail("an attribute twice");
      at_ = end + 1;
    }
    const bool empty = text_.substr(at_).starts_with("/>");
    if (!empty && text_.at(at_) != '>') fail("no >");
    at_ += empty ? 2 : 1;
    elements.push_back(std::move(element));
    if (!empty) open.push_back(elements.size() - 1);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace mezz
