// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/price_table.h"

#include "gateway/core/csv_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace gateway {

namespace {

/// One row's fields by column name; the first thing that cannot be read is kept as the error.
class RowReader
{
public:
    RowReader(const std::vector<std::string> &columns, const std::vector<std::string> &fields, int line)
        : m_columns(columns), m_fields(fields), m_line(line)
    {
    }

    [[nodiscard]] std::string text(std::string_view column) const
    {
        const auto found = std::find(m_columns.begin(), m_columns.end(), column);
        const auto index = static_cast<std::size_t>(found - m_columns.begin());
        return index < m_fields.size() ? m_fields[index] : std::string {};
    }

    std::string needed(std::string_view column)
    {
        std::string value = text(column);
        if (value.empty())
            complain(column, "is empty");
        return value;
    }

    std::optional<Money> money(std::string_view column)
    {
        const std::string value = text(column);
        if (value.empty())
            return std::nullopt;
        auto amount = Money::parse(value);
        if (!amount)
            complain(column, amount.error().message);
        else if (*amount < Money {})
            complain(column, "is negative");
        return amount ? std::optional(*amount) : std::nullopt;
    }

    std::optional<std::int64_t> number(std::string_view column)
    {
        std::string value = text(column);
        if (value.empty())
            return std::nullopt;
        if (value.ends_with(".0")) // the source writes some windows as floating point
            value.resize(value.size() - 2);
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (error != std::errc {} || end != value.data() + value.size() || number < 0) {
            complain(column, fmt::format("\"{}\" is no whole number", value));
            return std::nullopt;
        }
        return number;
    }

    /// yes, no, or anything else for "unknown".
    [[nodiscard]] std::optional<bool> yesNo(std::string_view column) const
    {
        const std::string value = text(column);
        if (value == "yes" || value == "no")
            return value == "yes";
        return std::nullopt;
    }

    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

private:
    void complain(std::string_view column, std::string_view what)
    {
        if (!m_error)
            m_error = Error {ErrorCode::Invalid, fmt::format("price catalogue, line {}, column {}: {}", m_line, column, what), fmt::format("line {}, column {}", m_line, column)};
    }

    const std::vector<std::string> &m_columns;
    const std::vector<std::string> &m_fields;
    int m_line;
    std::optional<Error> m_error;
};

/// Cache prices above the tier: as far over the normal ones as the tier's input price is.
std::optional<Money> raised(std::optional<Money> price, Money input, Money tierInput)
{
    if (!price || input.nanos() <= 0)
        return price;
    // The factor in millionths, so that perMillion does the one rounding.
    return price->perMillion(1'000'000 * tierInput.nanos() / input.nanos());
}

std::optional<Prices> readPrices(RowReader &row)
{
    const auto input = row.money("input_usd_per_mtok");
    const auto output = row.money("output_usd_per_mtok");
    const auto cached = row.money("cached_input_usd_per_mtok");
    const auto write = row.money("cache_write_usd_per_mtok");
    const auto write1h = row.money("cache_write_1h_usd_per_mtok");
    const auto above = row.number("tier_threshold_tokens");
    const auto tierInput = row.money("tier_input_usd_per_mtok");
    const auto tierOutput = row.money("tier_output_usd_per_mtok");
    if (!input || !output)
        return std::nullopt;
    Prices prices {.input = *input, .output = *output, .cachedInput = cached, .cacheWrite = write, .cacheWrite1h = write1h};
    prices.audioInput = row.money("audio_input_usd_per_mtok");
    prices.audioOutput = row.money("audio_output_usd_per_mtok");
    prices.cachedAudio = row.money("cached_audio_usd_per_mtok");
    if (above && tierInput) {
        prices.tier = Prices::Tier {.above = *above,
                                    .input = *tierInput,
                                    .output = tierOutput.value_or(*output),
                                    .cachedInput = raised(cached, *input, *tierInput),
                                    .cacheWrite = raised(write, *input, *tierInput),
                                    .cacheWrite1h = raised(write1h, *input, *tierInput)};
    }
    return prices;
}

PriceRow readRow(RowReader &row)
{
    PriceRow out;
    out.provider = row.needed("provider");
    ModelFacts &facts = out.facts;
    facts.id = row.needed("model_id");
    facts.embedding = row.text("kind") == "embedding";
    facts.prices = readPrices(row);
    facts.contextWindow = row.number("context_window");
    facts.maxOutput = row.number("max_output");
    facts.embeddingDimensions = row.number("embedding_dims");
    facts.tools = row.yesNo("tools");
    facts.vision = row.yesNo("vision");
    facts.jsonSchema = row.yesNo("json_schema");
    facts.reasoning = row.yesNo("reasoning");
    facts.source = row.text("source");
    facts.sourceDate = row.text("source_date");
    return out;
}

} // namespace

Result<std::vector<PriceRow>> readPriceTable(std::string_view csv)
{
    CsvReader reader(csv);
    std::vector<std::string> columns, fields;
    reader.next(columns);
    for (const std::string_view needed : {"provider", "model_id", "input_usd_per_mtok", "output_usd_per_mtok"}) {
        if (std::find(columns.begin(), columns.end(), needed) == columns.end())
            return fail(ErrorCode::Invalid, fmt::format("price catalogue, line 1: there is no column \"{}\"", needed), "line 1");
    }
    std::vector<PriceRow> rows;
    while (reader.next(fields)) {
        if (fields.size() == 1 && fields[0].empty())
            continue;
        RowReader row(columns, fields, reader.line());
        rows.push_back(readRow(row));
        if (row.error())
            return std::unexpected(*row.error());
    }
    return rows;
}

} // namespace gateway
