// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/report_sheet.h"

#include <string>

namespace gateway::reports {

/// One file for browsers and printers (A4): well-formed XHTML with its style and pictures in it, no script, nothing from
/// elsewhere. All texts are escaped.
std::string htmlOf(const ReportSheet &sheet);

/// "&" and what else has a meaning in HTML and XML, replaced; characters that XML has not are left out.
std::string escaped(std::string_view text);

/// A chart as SVG, as wide as its surroundings.
std::string svgOf(const SheetBars &bars);

} // namespace gateway::reports
