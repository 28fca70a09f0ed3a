// The parts of a report, each a function that adds its blocks to the page. The data decides what a
// part says: what there is nothing to say about is one sentence.
#pragma once

#include <string>

#include "analysis/report/html.h"
#include "analysis/report/report_data.h"

namespace mezz::report {

void add_design(Html& page, const ReportData& data);
void add_limits(Html& page, const ReportData& data);
void add_headline(Html& page, const ReportData& data);
void add_parameters(Html& page, const ReportData& data);
void add_sensitivity(Html& page, const ReportData& data);
void add_pairs(Html& page, const ReportData& data);
void add_finality(Html& page, const ReportData& data);
void add_latency(Html& page, const ReportData& data);
void add_bad_debt(Html& page, const ReportData& data);
void add_waterfall(Html& page, const ReportData& data);
void add_worst_runs(Html& page, const ReportData& data);
void add_provenance(Html& page, const ReportData& data);

}  // namespace mezz::report
