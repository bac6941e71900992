// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/reports/words.h"

#include "gateway/core/figure_text.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <cmath>

namespace gateway::reports {

namespace {

constexpr double nanosADollar = 1e9;

} // namespace

std::string countText(std::uint64_t number)
{
    return grouped(std::to_string(number));
}

std::string moneyText(Money amount)
{
    if (amount.nanos() == 0)
        return "$0.00";
    const std::string sign = amount.nanos() < 0 ? "-" : "";
    const double dollars = std::abs(static_cast<double>(amount.nanos())) / nanosADollar;
    if (dollars < 0.0001)
        return sign + "<$0.0001";
    return fmt::format("{}${}", sign, grouped(fmt::format("{:.{}f}", dollars, dollars < 0.01 ? 4 : dollars < 0.1 ? 3 : 2)));
}

std::string shareText(double share)
{
    const double percent = std::abs(share) * 100;
    if (percent == 0)
        return "0 %";
    if (percent < 0.1)
        return "<0.1 %";
    if (percent < 9.95)
        return fmt::format("{:.1f} %", percent);
    return percent < 100 && percent >= 99.5 ? std::string("99 %") : fmt::format("{} %", grouped(fmt::format("{:.0f}", percent)));
}

std::string countShort(std::uint64_t number)
{
    const auto value = static_cast<double>(number);
    if (value < 100'000)
        return countText(number);
    if (value < 999'500)
        return fmt::format("{:.0f} k", value / 1e3);
    if (value < 999'500'000)
        return fmt::format("{:.{}f} M", value / 1e6, value < 9.95e6 ? 2 : 1);
    return fmt::format("{:.2f} bn", value / 1e9);
}

std::string moreOrLess(double now, double before)
{
    if (before <= 0)
        return {};
    const double by = now / before - 1;
    if (std::abs(by) < 0.005)
        return "as much as";
    if (by >= 2)
        return fmt::format("{:.1f} times as much as", now / before);
    return fmt::format("{} {} than", shareText(by), by > 0 ? "more" : "less");
}

std::string changeText(double now, double before)
{
    if (now == before)
        return "no change";
    if (before <= 0)
        return "new";
    const double by = now / before - 1;
    return std::abs(by) < 0.0005 ? std::string("no change") : fmt::format("{}{}", by > 0 ? "+" : "\u2212", shareText(by));
}

double share(std::uint64_t part, std::uint64_t of)
{
    return of == 0 ? 0 : static_cast<double>(part) / static_cast<double>(of);
}

std::string rowName(const ReportRow &row, std::string_view none)
{
    switch (row.kind) {
    case ReportRow::Kind::Named: return toValidUtf8(row.name);
    case ReportRow::Kind::Others: return fmt::format("{} others", countText(row.members));
    case ReportRow::Kind::Gone: return "no longer in the log";
    case ReportRow::Kind::None: return std::string(none);
    }
    return {};
}

} // namespace gateway::reports
