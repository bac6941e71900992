// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/billing/bill.h"
#include "gateway/core/json_text.h"

#include <fmt/format.h>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <utility>

/// What the readers of the vendors' exports share. Inside gateway/billing alone.
namespace gateway::billing {

using Json = nlohmann::json;

/// Makes a bill of rows as they come.
class BillBuilder
{
public:
    explicit BillBuilder(Vendor vendor) { m_bill.vendor = vendor; }

    /// @return Invalid: there are more days and models than can be kept
    Result<> add(std::chrono::sys_days day, std::string_view model, const Figures &figures);
    void note(std::string words);
    void countRow() { ++m_bill.rows; }
    [[nodiscard]] Bill finish() &&;

private:
    Bill m_bill;
    std::map<std::pair<std::chrono::sys_days, std::string>, Figures> m_lines;
    std::set<std::string> m_notes;
};

/// A row of a CSV export, by its columns' names. The first thing that cannot be read is kept as the error.
class CsvRow
{
public:
    /// @param columns, fields  outlive this
    CsvRow(const std::vector<std::string> &columns, const std::vector<std::string> &fields, int line) : m_columns(columns), m_fields(fields), m_line(line) {}

    [[nodiscard]] bool has(std::string_view column) const;
    [[nodiscard]] std::string_view text(std::string_view column) const; ///< empty: there is none
    std::optional<std::int64_t> count(std::string_view column);         ///< nullopt: empty, or no such column
    std::optional<Money> money(std::string_view column);
    std::optional<std::chrono::sys_days> day(std::string_view column);  ///< has to be there
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

private:
    void complain(std::string_view column, std::string_view what);

    const std::vector<std::string> &m_columns;
    const std::vector<std::string> &m_fields;
    int m_line;
    std::optional<Error> m_error;
};

/// Dollars as bills write them: "0.8958740000000000", "1,234.50", "$3.20", "1.2e-05". Half-even to nano-dollars.
std::optional<Money> readAmount(std::string_view text);
/// The day of "2026-11-30", "2026-11-30T05:00:00Z" or "2026-11-30 05:00:00 UTC".
std::optional<std::chrono::sys_days> readDay(std::string_view text);
std::chrono::sys_days dayOf(std::int64_t secondsSince1970);

/// A whole number of JSON; nullopt where there is none.
std::optional<std::int64_t> countOf(const Json &object, std::string_view name);
/// An amount that is a number or a text.
std::optional<Money> amountOf(const Json &value);

/// Columns in the first line of a CSV export; which vendor's they are is told by names that only it has.
using Columns = std::span<const std::string>;
bool hasColumn(Columns columns, std::string_view name);

// One a vendor. `is...` tell by the columns or by a JSON object of the export whose it is.
bool isOpenAiTable(Columns columns);
Result<> readOpenAiRow(CsvRow &row, BillBuilder &bill);
bool isOpenAiPage(const Json &object);
Result<> readOpenAiPage(const Json &object, BillBuilder &bill);

bool isAnthropicTable(Columns columns);
Result<> readAnthropicRow(CsvRow &row, BillBuilder &bill);
bool isAnthropicPage(const Json &object);
Result<> readAnthropicPage(const Json &object, BillBuilder &bill);

bool isGoogleTable(Columns columns);
Result<> readGoogleRow(CsvRow &row, BillBuilder &bill);
bool isGoogleRecord(const Json &object);
Result<> readGoogleRecord(const Json &object, BillBuilder &bill);

} // namespace gateway::billing
