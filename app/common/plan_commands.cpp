// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/plan_commands.h"

#include "app/common/json_fields.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace app {

namespace {

using nlohmann::json;

/// A decimal text or a number of dollars; "?" where it is not known.
std::string dollars(const json &value)
{
    if (value.is_string())
        return value.get<std::string>();
    return value.is_number() ? fmt::format("{:.4f}", value.get<double>()) : "?";
}

std::string seconds(const json &value)
{
    return value.is_number() ? fmt::format("{:.2f}", value.get<double>()) : "?";
}

std::string target(const json &each)
{
    return textOf(each, "provider") + ' ' + textOf(each, "model");
}

void printStep(const json &step, std::ostream &out)
{
    const std::string route = textOf(step, "route");
    out << fmt::format("{}{}: {}\n    {}\n", route.empty() ? "" : route + ": ", textOf(step, "place"), textOf(step, "decided"), textOf(step, "why"));
    for (const json &test : step["tests"])
        out << fmt::format("    {} {} (it is {}): {}\n", textOf(test, "field"), textOf(test, "asked"), textOf(test, "saw"), test.value("held", false) ? "holds" : "does not hold");
    for (const json &option : step["options"]) {
        const std::string figure = textOf(option, "figure");
        out << fmt::format("  {} {}{}\n", option.value("chosen", false) ? '*' : ' ', textOf(option, "name"), figure.empty() ? "" : ": " + figure);
    }
}

std::string estimate(const json &value, int places)
{
    const double middle = value.value("value", 0.0);
    const double low = value.value("low", 0.0);
    const double high = value.value("high", 0.0);
    const std::string text = fmt::format("{:.{}f}", middle, places);
    return fmt::format("{:.{}f}", low, places) == fmt::format("{:.{}f}", high, places) ? text : fmt::format("{} ({:.{}f} to {:.{}f})", text, low, places, high, places);
}

void printTable(const std::vector<std::vector<std::string>> &rows, std::ostream &out)
{
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto &row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto &row : rows) {
        std::string line = fmt::format("{:<{}}", row[0], widths[0]);
        for (std::size_t i = 1; i < row.size(); ++i)
            line += fmt::format("  {:>{}}", row[i], widths[i]);
        out << line << '\n';
    }
}

std::string count(const json &answer, const char *key)
{
    return fmt::format("{}", answer.value(key, std::uint64_t {0}));
}

void printCounts(const json &answer, std::ostream &out)
{
    out << fmt::format("{} calls: {} unchanged, {} sent elsewhere first, {} fall elsewhere, {} not sent any more\n", count(answer, "calls"), count(answer, "unchanged"), count(answer, "rerouted"),
                       count(answer, "falls_elsewhere"), count(answer, "refused"));
    const std::pair<const char *, const char *> apart[] {{"left", "were refused before any attempt"},
                                                         {"unreadable", "have no body in the log that the plan could look at"},
                                                         {"callers_own", "ended by their callers' doing: not compared"},
                                                         {"unknown", "would reach targets of which the log knows nothing: not compared"},
                                                         {"unpriced", "have no known price on one side: not in the cost"}};
    for (const auto &[key, words] : apart) {
        if (answer.value(key, std::uint64_t {0}) > 0)
            out << fmt::format("  {} {}\n", count(answer, key), words);
    }
    for (const json &field : answer["not_logged"])
        out << fmt::format("  the plan looks at {}, which no log keeps: taken as absent\n", field.get<std::string>());
}

void printCall(const json &call, std::ostream &out)
{
    const std::string refusal = textOf(call, "refusal");
    const std::string from = textOf(call, "from").empty() ? "nobody" : textOf(call, "from");
    out << fmt::format("{}  {}  {} -> {}", textOf(call, "started_at"), textOf(call, "id"), from, refusal.empty() ? textOf(call, "to") : "not sent: " + refusal);
    if (refusal.empty())
        out << fmt::format("  {}, fails {}  {} -> {} USD  {} -> {} s", call.value("failed", false) ? "failed" : "ok",
                           call["failure"].is_number() ? fmt::format("{:.1f} %", 100 * call["failure"].get<double>()) : "?", dollars(call["cost"]), dollars(call["expected_cost"]),
                           seconds(call["seconds"]), seconds(call["expected_seconds"]));
    out << '\n';
}

} // namespace

void printExplanation(const json &answer, std::ostream &out)
{
    for (const json &step : answer["steps"])
        printStep(step, out);
    if (const std::string complexity = textOf(answer, "complexity"); !complexity.empty())
        out << "complexity " << complexity << '\n';
    out << "\nIn this order, each where the one before it fails:\n";
    int place = 0;
    for (const json &each : answer["candidates"]) {
        out << fmt::format("{:>3}. {}: ", ++place, target(each));
        if (each.value("asked", false))
            out << fmt::format("{} USD, first token {} s, whole {} s expected", dollars(each["expected_cost"]), seconds(each["expected_first_token"]), seconds(each["expected_total"]));
        else
            out << "not asked";
        for (const json &why : each["skipped"])
            out << "; " << why.get<std::string>();
        out << '\n';
    }
    if (answer["candidates"].empty())
        out << "nobody: the plan leads nowhere for this call\n";
    else if (answer["first"].is_null())
        out << "None of them can be asked now; the one that rests least long would be, all the same.\n";
}

void printReplay(const json &answer, std::ostream &out)
{
    printCounts(answer, out);
    const json &was = answer["was"];
    const json &expected = answer["expected"];
    if (answer.value("compared", std::uint64_t {0}) > 0) {
        out << fmt::format("\nOf {} calls that can be compared, with the borders of 95 of 100 cases:\n", count(answer, "compared"));
        printTable({{"", "was", "would be"},
                    {"cost, USD", fmt::format("{:.4f}", was.value("cost", 0.0)), estimate(expected["cost"], 4)},
                    {"failed", fmt::format("{:.0f}", was.value("failed", 0.0)), estimate(expected["failed"], 1)},
                    {"seconds a call", fmt::format("{:.3f}", was.value("seconds", 0.0)), estimate(expected["seconds"], 3)},
                    {"95 of 100 within, s", fmt::format("{:.3f}", was.value("p95", 0.0)), estimate(expected["p95"], 3)}},
                   out);
    }
    if (!answer["targets"].empty()) {
        std::vector<std::vector<std::string>> rows {{"asked first", "before", "after", "visits in the log", "failed", "seconds"}};
        for (const json &each : answer["targets"])
            rows.push_back({target(each), count(each, "before"), count(each, "after"), count(each, "visits"), count(each, "failed_visits"), seconds(each["seconds"])});
        out << '\n';
        printTable(rows, out);
    }
    if (!answer["changed"].empty())
        out << fmt::format("\n{} of {} calls whose fate changes:\n", answer["changed"].size(), count(answer, "changed_in_all"));
    for (const json &call : answer["changed"])
        printCall(call, out);
}

} // namespace app
