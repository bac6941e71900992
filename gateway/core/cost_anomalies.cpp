// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/cost_anomalies.h"

#include "gateway/core/usual.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <map>

namespace gateway {

namespace {

constexpr std::size_t week = 7;
constexpr double deviations = 4.2; ///< of the spread, which says nothing of how far off the usual itself may be
constexpr double leastSpread = 0.1;
constexpr double leastRatio = 0.05;    ///< a day without anything is not endlessly far from the usual
constexpr double leastTimes = 1.5;
constexpr Money leastExcess = Money::fromNanos(1'000'000'000);
constexpr std::uint64_t leastCalls = 20;
constexpr double leastShare = 0.2;     ///< of a driver
constexpr double nearlyAsMuch = 0.9;   ///< two fields together are named where they tell that much of what one does

/// What a day has; nullopt: it says nothing.
using DayValues = std::vector<std::optional<double>>;

std::uint64_t answered(const CostFigures &figures)
{
    return figures.calls - std::min(figures.calls, figures.refused);
}

struct Expected
{
    double value = 0;     ///< with the growth
    double spread = 0;    ///< how much days differ from it: as a logarithm, because what is spent varies by factors
    double growth = 1;
    std::vector<std::size_t> comparedWith {};
};

double valueAt(const DayValues &series, std::size_t day)
{
    return series[day].value_or(0);
}

/// Of the days before `day` down to eight weeks, the median of each weekday, by its distance to `day`.
std::array<std::optional<double>, week> weekdayMedians(const DayValues &series, std::size_t first, std::size_t day)
{
    std::array<std::optional<double>, week> medians;
    for (std::size_t offset = 0; offset < week; ++offset) {
        std::vector<double> values;
        for (std::size_t back = offset == 0 ? week : offset; back <= weeksComparedWith * week && back <= day && day - back >= first; back += week) {
            if (series[day - back])
                values.push_back(*series[day - back]);
        }
        if (!values.empty())
            medians[offset] = medianOf(values);
    }
    return medians;
}

std::optional<Expected> expectedAt(const DayValues &series, std::size_t first, std::size_t day)
{
    Expected expected;
    for (std::size_t back = week; back <= weeksComparedWith * week && back <= day && day - back >= first; back += week) {
        if (series[day - back])
            expected.comparedWith.push_back(day - back);
    }
    if (expected.comparedWith.size() < fewestWeeksKnown)
        return std::nullopt;
    const auto medians = weekdayMedians(series, first, day);
    std::vector<double> distances;
    std::vector<double> lately;
    for (std::size_t back = 1; back <= weeksComparedWith * week && back <= day && day - back >= first; ++back) {
        const auto &median = medians[back % week];
        if (!series[day - back] || !median || *median <= 0)
            continue;
        const double ratio = *series[day - back] / *median;
        distances.push_back(std::abs(std::log(std::max(ratio, leastRatio))));
        if (back <= week)
            lately.push_back(ratio);
    }
    if (lately.size() > week / 2)
        expected.growth = std::max(1.0, medianOf(lately));
    expected.spread = std::max(leastSpread, distances.empty() ? 0 : normalSpread * medianOf(distances));
    expected.value = medians[0].value_or(0) * expected.growth;
    return expected;
}

bool isOut(double value, const Expected &expected)
{
    return value > expected.value * std::max(leastTimes, std::exp(deviations * expected.spread));
}

struct Subject
{
    std::vector<CostFigures> days;
    std::vector<const SpendCell *> cells;

    void add(const SpendCell &cell)
    {
        days.resize(cell.days.size());
        for (std::size_t day = 0; day < days.size(); ++day)
            days[day].add(cell.days[day]);
        cells.push_back(&cell);
    }
};

DayValues costValues(const std::vector<CostFigures> &days)
{
    DayValues series;
    for (const CostFigures &figures : days)
        series.emplace_back(static_cast<double>(figures.cost.nanos()));
    return series;
}

double tokensPerCall(const CostFigures &figures)
{
    return answered(figures) == 0 ? 0 : static_cast<double>(figures.tokens()) / static_cast<double>(answered(figures));
}

DayValues tokenValues(const std::vector<CostFigures> &days)
{
    DayValues series;
    for (const CostFigures &figures : days)
        series.push_back(answered(figures) < leastCalls ? std::nullopt : std::optional(tokensPerCall(figures)));
    return series;
}

/// What a part has above its own usual, of what the whole has above it.
class Excess
{
public:
    Excess(const CostAnomaly &anomaly, std::size_t day) : m_anomaly(anomaly), m_day(day) {}

    [[nodiscard]] double of(const std::vector<CostFigures> &days) const
    {
        if (!m_anomaly.cost) // what its calls took more than usual calls do
            return static_cast<double>(days[m_day].tokens()) - static_cast<double>(answered(days[m_day])) * m_anomaly.usualTokensPerCall;
        std::vector<double> before;
        for (const std::size_t day : m_anomaly.comparedWith)
            before.push_back(static_cast<double>(days[day].cost.nanos()));
        const double usual = before.empty() ? 0 : medianOf(before) * m_anomaly.growth;
        return static_cast<double>(days[m_day].cost.nanos()) - usual;
    }
    [[nodiscard]] double whole() const
    {
        if (m_anomaly.cost)
            return static_cast<double>(m_anomaly.excess.nanos());
        return (m_anomaly.tokensPerCall - m_anomaly.usualTokensPerCall) * static_cast<double>(answered(m_anomaly.figures));
    }
    [[nodiscard]] double shareOf(const std::vector<CostFigures> &days) const { return whole() <= 0 ? 0 : std::clamp(of(days) / whole(), 0.0, 1.0); }

private:
    const CostAnomaly &m_anomaly;
    std::size_t m_day;
};

/// The part with the largest share, of parts by these fields.
CostDriver bestDriver(const Subject &subject, const Excess &excess, const std::vector<std::size_t> &fields)
{
    std::map<std::vector<std::string>, std::vector<CostFigures>> parts;
    for (const SpendCell *cell : subject.cells) {
        std::vector<std::string> names;
        for (const std::size_t field : fields)
            names.push_back(cell->names[field]);
        auto &days = parts[names];
        days.resize(cell->days.size());
        for (std::size_t day = 0; day < days.size(); ++day)
            days[day].add(cell->days[day]);
    }
    CostDriver best;
    if (parts.size() == 1)
        return best; // explains all and says nothing
    for (const auto &[names, days] : parts) {
        const double share = excess.shareOf(days);
        if (share <= best.share || std::ranges::any_of(names, &std::string::empty))
            continue;
        best = {.of = {}, .share = share};
        for (std::size_t i = 0; i < fields.size(); ++i)
            best.of.emplace_back(spendFields[fields[i]], names[i]);
    }
    return best;
}

void addDrivers(CostAnomaly &anomaly, const Subject &subject, std::size_t day)
{
    const Excess excess(anomaly, day);
    constexpr std::size_t teamAt = 0;
    constexpr std::size_t keyAt = 1;
    constexpr std::size_t routeAt = 2;
    constexpr std::size_t modelAt = 3;
    for (const std::size_t field : {keyAt, modelAt, routeAt, teamAt}) { // of equal ones, what says most first
        if (spendFields[field] == anomaly.field)
            continue;
        if (CostDriver driver = bestDriver(subject, excess, {field}); driver.share >= leastShare)
            anomaly.drivers.push_back(std::move(driver));
    }
    std::ranges::stable_sort(anomaly.drivers, std::greater {}, &CostDriver::share);
    if (anomaly.field == CostField::Key || anomaly.field == CostField::Model || anomaly.drivers.empty())
        return;
    CostDriver both = bestDriver(subject, excess, {keyAt, modelAt});
    if (both.share >= leastShare && both.share >= nearlyAsMuch * anomaly.drivers.front().share)
        anomaly.drivers.insert(anomaly.drivers.begin(), std::move(both));
}

/// Calls were dearer where one cost half as much again as usual, or took more tokens.
void addCostly(CostAnomaly &anomaly, const std::vector<CostFigures> &days)
{
    const auto perCall = [](const CostFigures &figures) { return static_cast<double>(figures.cost.nanos()) / static_cast<double>(std::max<std::uint64_t>(answered(figures), 1)); };
    std::vector<double> before;
    for (const std::size_t day : anomaly.comparedWith) {
        if (answered(days[day]) > 0)
            before.push_back(perCall(days[day]));
    }
    if (before.empty())
        return;
    const double usual = medianOf(before);
    if (anomaly.tokens || perCall(anomaly.figures) > leastTimes * usual)
        anomaly.costlyAbove = Money::fromNanos(std::llround(leastTimes * usual));
}

std::optional<CostAnomaly> look(const Subject &subject, const DayValues &costs, const DayValues &tokens, std::size_t first, std::size_t day)
{
    const CostFigures &figures = subject.days[day];
    const auto usualCost = answered(figures) < leastCalls ? std::nullopt : expectedAt(costs, first, day);
    if (!usualCost)
        return std::nullopt;
    CostAnomaly anomaly {.figures = figures, .usualCost = Money::fromNanos(std::llround(usualCost->value)), .tokensPerCall = tokensPerCall(figures), .comparedWith = usualCost->comparedWith, .growth = usualCost->growth};
    const Money above = figures.cost - anomaly.usualCost;
    anomaly.cost = isOut(valueAt(costs, day), *usualCost) && above >= leastExcess;
    if (const auto usualTokens = expectedAt(tokens, first, day)) {
        anomaly.usualTokensPerCall = usualTokens->value;
        const double more = usualTokens->value <= 0 ? 0 : 1 - usualTokens->value / anomaly.tokensPerCall; // part of the tokens
        const Money ofTokens = Money::fromNanos(std::llround(more * valueAt(costs, day)));
        anomaly.tokens = isOut(anomaly.tokensPerCall, *usualTokens) && ofTokens >= leastExcess;
        anomaly.excess = anomaly.cost ? above : ofTokens;
    } else {
        anomaly.excess = above;
    }
    if (!anomaly.cost && !anomaly.tokens)
        return std::nullopt;
    return anomaly;
}

/// team:"search"
std::string filterTerm(std::string_view field, std::string_view value)
{
    std::string text = fmt::format("{}:\"", field);
    for (const char c : value) {
        if (c == '"' || c == '\\')
            text += '\\';
        text += c;
    }
    return text += '"';
}

} // namespace

std::vector<CostAnomaly> findAnomalies(const SpendHistory &history, CostField by, std::size_t firstDay)
{
    const auto at = static_cast<std::size_t>(std::ranges::find(spendFields, by) - spendFields.begin());
    if (at == spendFields.size())
        return {};
    std::map<std::string, Subject> subjects;
    for (const SpendCell &cell : history.cells)
        subjects[cell.names[at]].add(cell);
    struct Found
    {
        CostAnomaly anomaly;
        const Subject *subject;
        std::size_t day;
    };
    std::vector<Found> found;
    for (const auto &[name, subject] : subjects) {
        const auto begun = std::ranges::find_if(subject.days, [](const CostFigures &figures) { return figures.calls > 0; });
        const auto first = static_cast<std::size_t>(begun - subject.days.begin());
        const DayValues costs = costValues(subject.days);
        const DayValues tokens = tokenValues(subject.days);
        for (std::size_t day = firstDay; day < subject.days.size(); ++day) {
            auto anomaly = look(subject, costs, tokens, first, day);
            if (!anomaly)
                continue;
            anomaly->field = by;
            anomaly->name = name;
            anomaly->from = history.borders[day];
            anomaly->to = history.borders[day + 1];
            found.push_back({std::move(*anomaly), &subject, day});
        }
    }
    std::ranges::stable_sort(found, std::greater {}, [](const Found &each) { return each.anomaly.excess; });
    found.erase(found.begin() + static_cast<std::ptrdiff_t>(std::min(found.size(), anomaliesAtMost)), found.end());
    std::vector<CostAnomaly> anomalies;
    for (Found &each : found) {
        addDrivers(each.anomaly, *each.subject, each.day);
        addCostly(each.anomaly, each.subject->days);
        anomalies.push_back(std::move(each.anomaly));
    }
    return anomalies;
}

std::string callsFilterOf(const CostAnomaly &anomaly)
{
    std::string text = filterTerm(toText(anomaly.field), anomaly.name);
    if (!anomaly.drivers.empty()) {
        for (const auto &[field, name] : anomaly.drivers.front().of)
            text += ' ' + filterTerm(toText(field), name);
    }
    if (anomaly.costlyAbove)
        text += fmt::format(" cost:>{}", anomaly.costlyAbove->toDecimal());
    return text;
}

void addCustomers(CostAnomaly &anomaly, const std::vector<std::pair<std::string, std::vector<CostFigures>>> &customers, std::size_t day)
{
    const Excess excess(anomaly, day);
    CostDriver best;
    for (const auto &[name, days] : customers) {
        const double share = name.empty() ? 0 : excess.shareOf(days);
        if (share > best.share)
            best = {.of = {{CostField::Customer, name}}, .share = share};
    }
    if (best.share < leastShare)
        return;
    // Where a key and a model tell nearly as much, they stay first.
    const bool behindFirst = !anomaly.drivers.empty() && anomaly.drivers.front().share >= nearlyAsMuch * best.share;
    const auto behind = std::find_if(anomaly.drivers.begin() + (behindFirst ? 1 : 0), anomaly.drivers.end(), [&](const CostDriver &driver) { return driver.share < best.share; });
    anomaly.drivers.insert(behind, std::move(best));
}

} // namespace gateway
