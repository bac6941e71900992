// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/billing/reconcile.h"

#include "gateway/core/figure_text.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>

namespace gateway::billing {

namespace {

using Days = std::chrono::sys_days;

bool isDigits(std::string_view word)
{
    return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

/// A release's words at the end of a name: "2024 08 06", "20251001", "0613", "001", "latest".
void dropRelease(std::vector<std::string> &words)
{
    std::erase(words, "latest");
    const auto isYear = [](std::string_view word) { return word.size() == 4 && isDigits(word) && word.starts_with("20"); };
    for (std::size_t i = 0; i < words.size();) {
        const bool date = isYear(words[i]) && i + 2 < words.size() && words[i + 1].size() == 2 && words[i + 2].size() == 2 && isDigits(words[i + 1]) && isDigits(words[i + 2]);
        const bool one = isDigits(words[i]) && (words[i].size() == 8 || (words[i].size() == 4 && words[i] <= "1231") || (words[i].size() == 3 && words[i].starts_with("00")));
        if (!date && !one) {
            ++i;
            continue;
        }
        const auto from = words.begin() + static_cast<std::ptrdiff_t>(i);
        words.erase(from, from + (date ? 3 : 1));
    }
}

std::set<std::string> wordsOf(std::string_view name)
{
    name = name.substr(name.rfind('/') + 1); // "models/gemini-2.5-flash", "ft:..." keeps its colons
    std::vector<std::string> words;
    std::string word;
    const auto end = [&] {
        if (!word.empty())
            words.push_back(std::exchange(word, {}));
    };
    for (const char c : name) {
        const char lower = asciiLower(c);
        if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9'))
            word += lower;
        else
            end();
    }
    end();
    dropRelease(words);
    return {words.begin(), words.end()};
}

std::string joined(const std::set<std::string> &words)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

/// Finds which logged model an item of the bill is of: the same words, or the most of its words in a longer item ("Gemini 2.5
/// Flash Lite Text Input" is not of Gemini 2.5 Flash where Lite is logged too).
class Names
{
public:
    void add(std::string_view logged)
    {
        auto words = wordsOf(logged);
        m_names.try_emplace(joined(words), std::string(logged));
        m_words.insert(std::move(words));
    }

    [[nodiscard]] std::string keyOf(const std::string &billed) const
    {
        const auto words = wordsOf(billed);
        const std::string own = joined(words);
        if (m_names.contains(own))
            return own;
        const std::set<std::string> *best = nullptr;
        for (const auto &each : m_words) {
            const bool within = each.size() > 1 && std::ranges::includes(words, each);
            if (within && (best == nullptr || each.size() > best->size()))
                best = &each;
        }
        return best ? joined(*best) : own;
    }

    [[nodiscard]] std::string shown(const std::string &key, const std::string &billed) const
    {
        const auto found = m_names.find(key);
        return found == m_names.end() ? billed : found->second;
    }

private:
    std::map<std::string, std::string> m_names; ///< by key, a name of the log
    std::set<std::set<std::string>> m_words;
};

struct Cell
{
    std::string model;
    Figures billed, logged;
    std::int64_t unpriced = 0;
};
using Cells = std::map<std::pair<Days, std::string>, Cell>;

class Judge
{
public:
    Judge(const Cells &cells, const Tolerance &tolerance, const Bill &bill) : m_cells(cells), m_tolerance(tolerance), m_bill(bill) {}

    [[nodiscard]] Cause cause(Days day, const std::string &key, const Cell &cell) const
    {
        if (same(cell))
            return Cause::Same;
        if (cell.logged.empty())
            return Cause::NotLogged;
        if (cell.billed.empty())
            return borders(day, key, cell) ? Cause::DayBorder : Cause::NotBilled;
        if (cell.unpriced > 0 && !differ(tokensOf(cell.billed), tokensOf(cell.logged)))
            return Cause::Unpriced;
        if (borders(day, key, cell))
            return Cause::DayBorder;
        if (!m_bill.tokens || tokensOf(cell.billed) == 0)
            return cell.unpriced > 0 ? Cause::Unpriced : Cause::Unclear;
        if (differ(tokensOf(cell.billed), tokensOf(cell.logged)))
            return tokensOf(cell.billed) > tokensOf(cell.logged) ? Cause::MoreBilled : Cause::MoreLogged;
        return Cause::OtherPrice;
    }

private:
    static std::int64_t tokensOf(const Figures &figures) { return figures.input.value_or(0) + figures.output.value_or(0); }

    [[nodiscard]] bool differ(std::int64_t a, std::int64_t b) const
    {
        return static_cast<double>(std::abs(a - b)) > m_tolerance.share * static_cast<double>(std::max(std::abs(a), std::abs(b)));
    }
    [[nodiscard]] bool differ(Money a, Money b) const { return std::abs(a.nanos() - b.nanos()) > m_tolerance.amount.nanos() && differ(a.nanos(), b.nanos()); }

    /// Costs decide where the bill has them, else tokens.
    [[nodiscard]] bool same(const Cell &cell) const
    {
        if (m_bill.costs)
            return !differ(cell.billed.cost.value_or(Money {}), cell.logged.cost.value_or(Money {}));
        return !differ(tokensOf(cell.billed), tokensOf(cell.logged));
    }

    [[nodiscard]] std::int64_t off(const Cell &cell) const
    {
        return m_bill.costs ? cell.billed.cost.value_or(Money {}).nanos() - cell.logged.cost.value_or(Money {}).nanos() : tokensOf(cell.billed) - tokensOf(cell.logged);
    }

    /// Whether a neighbouring day of the model is off the other way by nearly as much.
    [[nodiscard]] bool borders(Days day, const std::string &key, const Cell &cell) const
    {
        const std::int64_t here = off(cell);
        return std::ranges::any_of(std::array {day - std::chrono::days(1), day + std::chrono::days(1)}, [&](Days other) {
            const auto found = m_cells.find({other, key});
            if (found == m_cells.end() || same(found->second))
                return false;
            const std::int64_t there = off(found->second);
            constexpr double nearly = 0.1;
            return (here < 0) != (there < 0) && static_cast<double>(std::abs(here + there)) <= nearly * static_cast<double>(std::max(std::abs(here), std::abs(there)));
        });
    }

    const Cells &m_cells;
    const Tolerance &m_tolerance;
    const Bill &m_bill;
};

std::string dollars(Money amount)
{
    return '$' + amount.toDecimal();
}

std::string perMillion(const Figures &figures)
{
    const std::int64_t tokens = figures.input.value_or(0) + figures.output.value_or(0);
    constexpr double million = 1e6, nano = 1e9;
    return fmt::format("${:.4g}", static_cast<double>(figures.cost.value_or(Money {}).nanos()) / nano * million / static_cast<double>(std::max<std::int64_t>(tokens, 1)));
}

std::string wordsFor(Cause cause, const Cell &cell)
{
    const auto tokens = [](const Figures &figures) { return figures.input.value_or(0) + figures.output.value_or(0); };
    const auto count = [](std::int64_t number) { return grouped(std::to_string(number)); };
    switch (cause) {
    case Cause::Same: return {};
    case Cause::NotLogged: return "The log has no such call that day: it did not go through Signalbox, went there under another model's name, or its records and sums are no longer kept.";
    case Cause::NotBilled:
        return fmt::format("The log has {} calls that are not on the bill: another account's credential may have been used, or the bill was exported before the day was billed.", count(cell.logged.calls.value_or(0)));
    case Cause::Unpriced: return fmt::format("{} of the log's calls have no known price. Give the model prices in its provider's settings.", count(cell.unpriced));
    case Cause::DayBorder: return "The day beside it is off by as much the other way: the provider counts these calls on the other day.";
    case Cause::MoreBilled:
        return fmt::format("The bill has {} tokens more than the log ({} calls there{}): calls that did not go through Signalbox, or answers that were cut before their usage came.", count(tokens(cell.billed) - tokens(cell.logged)),
                           count(cell.logged.calls.value_or(0)), cell.billed.calls ? fmt::format(", {} on the bill", count(*cell.billed.calls)) : std::string());
    case Cause::MoreLogged:
        return fmt::format("The log has {} tokens more than the bill: calls that the provider did not bill, such as failed ones, or tokens that were estimated.", count(tokens(cell.logged) - tokens(cell.billed)));
    case Cause::OtherPrice:
        return fmt::format("The tokens are the same, the price is not: {} a million tokens on the bill, {} in the log. A discount, another tier, or a price that has changed.", perMillion(cell.billed), perMillion(cell.logged));
    case Cause::Unclear:
        return fmt::format("The bill says {}, the log {}. Add the export of the usage (tokens) to see why.", dollars(cell.billed.cost.value_or(Money {})), dollars(cell.logged.cost.value_or(Money {})));
    }
    return {};
}

Cells cellsOf(const Bill &bill, const std::vector<LoggedLine> &logged)
{
    Cells cells;
    if (bill.lines.empty())
        return cells;
    Names names;
    const Days first = bill.lines.front().day, last = bill.lines.back().day;
    for (const LoggedLine &line : logged) {
        if (line.day < first || line.day > last)
            continue;
        names.add(line.model);
        Cell &cell = cells[{line.day, modelKey(line.model)}];
        cell.model = names.shown(modelKey(line.model), line.model);
        cell.logged.add({.calls = line.calls, .input = line.input, .output = line.output, .cost = line.cost});
        cell.unpriced += line.unpriced;
    }
    for (const BillLine &line : bill.lines) {
        const std::string key = names.keyOf(line.model);
        Cell &cell = cells[{line.day, key}];
        if (cell.model.empty())
            cell.model = names.shown(key, line.model);
        cell.billed.add(line.figures);
    }
    return cells;
}

} // namespace

std::string modelKey(std::string_view name)
{
    return joined(wordsOf(name));
}

Reconciliation reconcile(const Bill &bill, const std::vector<LoggedLine> &logged, const Tolerance &tolerance)
{
    Cells cells = cellsOf(bill, logged);
    if (!bill.costs) { // then the log's costs are beside nothing
        for (auto &[of, cell] : cells)
            cell.logged.cost.reset();
    }
    Reconciliation all {.notes = bill.notes};
    std::map<Cause, Money> byCause;
    const Judge judge(cells, tolerance, bill);
    for (const auto &[of, cell] : cells) {
        const Cause cause = judge.cause(of.first, of.second, cell);
        ReconciledRow row {.day = of.first, .model = cell.model, .billed = cell.billed, .logged = cell.logged, .cause = cause, .why = wordsFor(cause, cell)};
        all.billed.add(row.billed);
        all.logged.add(row.logged);
        byCause[cause] += row.drift().value_or(Money {});
        all.rows.push_back(std::move(row));
    }
    all.byCause.assign(byCause.begin(), byCause.end());
    return all;
}

} // namespace gateway::billing
