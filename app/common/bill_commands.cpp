// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/bill_commands.h"

#include "app/common/json_fields.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>
#include <string>

namespace app {

namespace {

using nlohmann::json;

std::string known(const json &value)
{
    if (value.is_string())
        return value.get<std::string>();
    return value.is_number() ? value.dump() : "-";
}

std::string tokens(const json &figures)
{
    const json &input = figures["input_tokens"];
    const json &output = figures["output_tokens"];
    return input.is_null() && output.is_null() ? "-" : fmt::format("{}+{}", known(input), known(output));
}

} // namespace

void printReconciliation(const json &answer, std::ostream &out)
{
    constexpr std::size_t least = 5;
    std::size_t model = least;
    for (const json &row : answer["rows"])
        model = std::max(model, textOf(row, "model").size());
    constexpr std::string_view line = "{:<10}  {:<{}}  {:>16}  {:>16}  {:>16}  {:>20}  {:>20}  {}\n";
    out << fmt::format(line, "DAY", "MODEL", model, "BILLED, USD", "LOGGED, USD", "DRIFT, USD", "BILLED TOKENS", "LOGGED TOKENS", "CAUSE");
    const auto print = [&](const std::string &day, const std::string &name, const json &row, const std::string &cause) {
        out << fmt::format(line, day, name, model, known(row["billed"]["cost"]), known(row["logged"]["cost"]), known(row["drift"]), tokens(row["billed"]), tokens(row["logged"]), cause);
    };
    for (const json &row : answer["rows"])
        print(textOf(row, "day"), textOf(row, "model"), row, textOf(row, "cause"));
    print("all", "", answer, "");
    for (const json &row : answer["rows"]) {
        if (const std::string why = textOf(row, "why"); !why.empty())
            out << fmt::format("\n{} {}: {}", textOf(row, "day"), textOf(row, "model"), why);
    }
    for (const json &note : answer["notes"])
        out << fmt::format("\nNote: {}", note.get<std::string>());
    out << '\n';
}

} // namespace app
