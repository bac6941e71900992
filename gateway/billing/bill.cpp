// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/billing/bill.h"

#include "gateway/billing/bill_parts.h"
#include "gateway/core/csv_reader.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gateway::billing {

namespace {

/// One vendor's ways to write a bill.
struct Format
{
    Vendor vendor;
    bool (*isTable)(Columns);
    Result<> (*readRow)(CsvRow &, BillBuilder &);
    bool (*isPage)(const Json &);
    Result<> (*readPage)(const Json &, BillBuilder &);
};

constexpr std::array<Format, 3> formats {{
    {Vendor::OpenAi, isOpenAiTable, readOpenAiRow, isOpenAiPage, readOpenAiPage},
    {Vendor::Anthropic, isAnthropicTable, readAnthropicRow, isAnthropicPage, readAnthropicPage},
    {Vendor::Google, isGoogleTable, readGoogleRow, isGoogleRecord, readGoogleRecord},
}};

constexpr std::string_view whatIsRead = "Read are exports of OpenAI (usage or costs), Anthropic (usage or cost) and Google Cloud Billing, as CSV or JSON.";

std::string withoutMark(std::string_view text)
{
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    return std::string(text.starts_with(mark) ? text.substr(mark.size()) : text);
}

/// A table from a spreadsheet may have tabs or semicolons between its fields.
char separatorOf(std::string_view firstLine)
{
    char best = ',';
    for (const char each : {'\t', ';'}) {
        if (std::ranges::count(firstLine, each) > std::ranges::count(firstLine, best))
            best = each;
    }
    return best;
}

Result<Bill> readTable(std::string_view text)
{
    CsvReader reader(text, separatorOf(text.substr(0, text.find('\n'))));
    std::vector<std::string> columns, fields;
    const Format *format = nullptr;
    // A cost table of the Cloud console begins with lines about the account.
    constexpr int mostLinesBefore = 20;
    while (format == nullptr && reader.line() < mostLinesBefore && reader.next(columns)) {
        for (std::string &column : columns)
            column = std::string(trimmed(column));
        const auto found = std::ranges::find_if(formats, [&](const Format &each) { return each.isTable(columns); });
        format = found == formats.end() ? nullptr : &*found;
    }
    if (format == nullptr)
        return fail(ErrorCode::Invalid, fmt::format("The columns are those of no bill that is known. {}", whatIsRead), "line 1");
    BillBuilder bill(format->vendor);
    while (reader.next(fields)) {
        if (fields.size() == 1 && trimmed(fields[0]).empty())
            continue;
        CsvRow row(columns, fields, reader.line());
        auto read = format->readRow(row, bill);
        if (row.error())
            return std::unexpected(*row.error());
        if (!read)
            return std::unexpected(read.error());
        bill.countRow();
    }
    return std::move(bill).finish();
}

/// One object of the export, of whichever vendor the first one was.
Result<> readObject(const Json &object, const Format *&format, std::optional<BillBuilder> &bill)
{
    const auto found = std::ranges::find_if(formats, [&](const Format &each) { return object.is_object() && each.isPage(object); });
    if (found == formats.end())
        return fail(ErrorCode::Invalid, fmt::format("The JSON is no bill that is known. {}", whatIsRead));
    if (format == nullptr) {
        format = &*found;
        bill.emplace(format->vendor);
    } else if (format != &*found) {
        return fail(ErrorCode::Invalid, fmt::format("The file has bills of {} and of {}. Give them one by one.", toText(format->vendor), toText(found->vendor)));
    }
    return format->readPage(object, *bill);
}

/// A JSON text that ends too early or has a wrong letter, told by its place; or a number that no figure can hold, which has none.
std::unexpected<Error> noJson(const Json::exception &error, int line)
{
    const auto *wrong = dynamic_cast<const Json::parse_error *>(&error);
    const std::string where = line > 0 ? fmt::format("line {}", line) : wrong ? fmt::format("byte {}", wrong->byte) : std::string("a number that is too large");
    return fail(ErrorCode::Invalid, fmt::format("The file is no whole JSON: it breaks off or is wrong at {}.", where), where);
}

Result<Bill> readJson(std::string_view text)
{
    const Format *format = nullptr;
    std::optional<BillBuilder> bill;
    const auto readAll = [&](const Json &value) -> Result<> {
        if (!value.is_array())
            return readObject(value, format, bill);
        for (const Json &each : value) {
            if (auto read = readObject(each, format, bill); !read)
                return read;
        }
        return {};
    };
    try {
        if (auto read = readAll(Json::parse(text)); !read)
            return std::unexpected(read.error());
    } catch (const Json::exception &whole) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos || !Json::accept(text.substr(0, end)))
            return noJson(whole, 0);
        int line = 0;
        while (!text.empty()) {
            ++line;
            const std::size_t length = std::min(text.find('\n'), text.size());
            const std::string_view one = trimmed(text.substr(0, length));
            text.remove_prefix(std::min(length + 1, text.size()));
            if (one.empty())
                continue;
            try {
                if (auto read = readAll(Json::parse(one)); !read)
                    return std::unexpected(Error {read.error().code, fmt::format("Line {}: {}", line, read.error().message), fmt::format("line {}", line)});
            } catch (const Json::exception &error) {
                return noJson(error, line);
            }
        }
    }
    if (!bill)
        return fail(ErrorCode::Invalid, "The file has no bill in it: its list is empty.");
    return std::move(*bill).finish();
}

} // namespace

std::string_view toText(Vendor vendor)
{
    switch (vendor) {
    case Vendor::OpenAi: return "openai";
    case Vendor::Anthropic: return "anthropic";
    case Vendor::Google: return "google";
    }
    return "openai";
}

bool billsFor(Vendor vendor, std::string_view kind)
{
    switch (vendor) {
    case Vendor::OpenAi: return kind == "openai";
    case Vendor::Anthropic: return kind == "anthropic";
    case Vendor::Google: return kind == "gemini" || kind == "vertex";
    }
    return false;
}

Result<Bill> readBill(std::string_view text)
{
    if (text.size() > largestExport)
        return fail(ErrorCode::Invalid, fmt::format("The file has {} MB; at most {} can be read at once. Export fewer days.", text.size() >> 20U, largestExport >> 20U));
    if (text.find('\0') != std::string_view::npos)
        return fail(ErrorCode::Invalid, fmt::format("The file is no text. {}", whatIsRead));
    const std::string whole = withoutMark(text);
    const std::string_view content = trimmed(whole);
    if (content.empty())
        return fail(ErrorCode::Invalid, "The file is empty.");
    auto bill = content.front() == '{' || content.front() == '[' ? readJson(content) : readTable(content);
    if (bill && bill->lines.empty() && bill->notes.empty())
        return fail(ErrorCode::Invalid, "The file has no usage in it: nothing was billed in that time, or nothing was chosen to be exported.");
    return bill;
}

Result<> merge(Bill &bill, const Bill &other)
{
    if (bill.vendor != other.vendor)
        return fail(ErrorCode::Invalid, fmt::format("One file is a bill of {}, another of {}. Compare them one by one.", toText(bill.vendor), toText(other.vendor)));
    BillBuilder sum(bill.vendor);
    for (const Bill *each : {static_cast<const Bill *>(&bill), &other}) {
        for (const BillLine &line : each->lines) {
            if (auto added = sum.add(line.day, line.model, line.figures); !added)
                return added;
        }
        for (const std::string &note : each->notes)
            sum.note(note);
    }
    const std::size_t rows = bill.rows + other.rows;
    bill = std::move(sum).finish();
    bill.rows = rows;
    return {};
}

} // namespace gateway::billing
