// The whole report as one HTML document: self-contained (no script, no network), well-formed XML,
// light, dark and print. The same data give the same bytes.
#pragma once

#include <string>

#include "analysis/report/report_data.h"

namespace mezz::report {

// The first bytes after the document type, by which a file is known to be a report.
inline constexpr const char* kReportMark = "<!-- mezz report 1 -->";

std::string report_page(const ReportData& data);

}  // namespace mezz::report
