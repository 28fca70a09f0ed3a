#include "sim/record/memory_sink.h"

namespace mezz {

bool MemorySink::start(const RunMetadata& run, const std::vector<TableSpec>& tables) {
  run_ = run;
  specs_ = tables;
  for (const TableSpec& spec : specs_) {
    tables_.emplace_back().columns.resize(spec.columns.size());
  }
  return true;
}

void MemorySink::write(RowBlock& block) {
  Table& table = tables_[block.table];
  MEZZ_ASSERT(table.rows >= block.first_row);
  const std::uint64_t seen = table.rows - block.first_row;
  MEZZ_ASSERT(seen <= block.rows);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const std::size_t bytes = width(specs_[block.table].columns[c].type);
    const std::byte* column = block.bytes.get() + block.offset[c];
    table.columns[c].insert(table.columns[c].end(), column + seen * bytes,
                            column + block.rows * bytes);
  }
  table.rows = block.first_row + block.rows;
}

void MemorySink::commit(const Commit& commit) { commits_.push_back(commit); }

bool MemorySink::finish(const RunResult& result) {
  result_ = result;
  return true;
}

std::size_t MemorySink::find(std::string_view path) const {
  std::size_t table = 0;
  while (table < specs_.size() && specs_[table].path != path) ++table;
  return table;
}

bool MemorySink::has(std::string_view path) const { return find(path) < specs_.size(); }

std::uint64_t MemorySink::rows(std::string_view path) const {
  MEZZ_ASSERT(has(path));
  return tables_[find(path)].rows;
}

const std::vector<std::byte>& MemorySink::bytes(std::string_view path,
                                                std::string_view column) const {
  const std::size_t table = find(path);
  MEZZ_ASSERT(table < specs_.size());
  std::size_t c = 0;
  while (c < specs_[table].columns.size() && specs_[table].columns[c].name != column) ++c;
  MEZZ_ASSERT(c < specs_[table].columns.size());
  return tables_[table].columns[c];
}

}  // namespace mezz
