// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"
#include "gateway/core/report_data.h"

#include <cstdint>
#include <string>
#include <string_view>

/// Figures as a report writes them: plain English, one form. Pure.
namespace gateway::reports {

inline constexpr std::string_view unknown = "\u2014";

std::string countText(std::uint64_t number);             ///< "15,120"
std::string moneyText(Money amount);                     ///< "$842.17"; below a cent as many places as say something; "<$0.0001"
std::string shareText(double share);                     ///< "61 %", "0.4 %", "<0.1 %"
std::string countShort(std::uint64_t number);            ///< "1.2 M", for charts and tiles

/// "12 % more", "as much as", "" where there was nothing before.
std::string moreOrLess(double now, double before);
/// "+12 %", "no change"; "new" where there was nothing before.
std::string changeText(double now, double before);

double share(std::uint64_t part, std::uint64_t of);      ///< 0 where there is nothing to have a share of
std::string rowName(const ReportRow &row, std::string_view none);

} // namespace gateway::reports
