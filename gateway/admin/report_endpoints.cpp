// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/report_requests.h"
#include "gateway/api/report_tools.h"
#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

/// Reports beside editing their list: how they stand, making one now, and a report as it is asked for.
namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

api::ReportTools *toolsOf(const Ask &ask, const Done &done)
{
    api::ReportTools *tools = api::ReportTools::of(ask.gateway);
    if (!tools)
        done(refusal({.code = ErrorCode::NotFound, .message = "This process makes no reports."}));
    return tools;
}

Json textOrNull(const std::string &text)
{
    return text.empty() ? Json() : Json(toValidUtf8(text));
}

Json runJson(const ReportRun &run)
{
    return {{"report", run.report}, {"name", run.name}, {"period", run.period}, {"at", config::dateText(run.at)}, {"by_hand", run.byHand}, {"file", textOrNull(run.file)}, {"sent", run.sent}, {"unsent", run.unsent}, {"problem", textOrNull(run.problem)}, {"over", run.over}};
}

void readState(const Ask &ask, const Done &done)
{
    const api::ReportTools *tools = toolsOf(ask, done);
    if (!tools)
        return;
    const auto board = tools->board();
    const api::ConfigPtr now = ask.gateway.config();
    Json data = Json::array();
    for (const ReportState &state : board->states) {
        const auto report = std::ranges::find(now->reports, state.report, &config::Report::id);
        data.push_back({{"report", state.report}, {"name", report == now->reports.end() ? Json() : Json(report->name)}, {"busy", state.busy}, {"next", state.next ? Json(config::dateText(*state.next)) : Json()}, {"last", state.last ? runJson(*state.last) : Json()}});
    }
    done(answer(Json {{"problem", textOrNull(board->problem)}, {"data", std::move(data)}}));
}

void readRuns(const Ask &ask, const Done &done)
{
    api::ReportTools *tools = toolsOf(ask, done);
    if (!tools)
        return;
    tools->runs(std::string(ask.argument()), ask.context, [done](const Result<std::vector<ReportRun>> &runs) {
        if (!runs)
            return done(refusal(runs.error()));
        Json data = Json::array();
        for (const ReportRun &run : *runs)
            data.push_back(runJson(run));
        done(answer(Json {{"data", std::move(data)}}));
    });
}

void run(const Ask &ask, const Done &done)
{
    api::ReportTools *tools = toolsOf(ask, done);
    if (!tools)
        return;
    tools->run(std::string(ask.argument()), ask.context, [done](const Result<ReportRun> &made) { done(made ? answer(runJson(*made)) : refusal(made.error())); });
}

void readReport(const Ask &ask, const Done &done)
{
    nlohmann::json request = nlohmann::json::object();
    for (const auto &[name, value] : ask.query)
        request[name] = toValidUtf8(value);
    report(ask.gateway, request, ask.context, [done](const Result<nlohmann::json> &made) { done(made ? answer(*made) : refusal(made.error())); });
}

} // namespace

void addReportEndpoints(std::vector<Endpoint> &table)
{
    const std::string all = "/admin/v1/reports", one = all + "/{id}";
    table.push_back({.method = "GET", .path = "/admin/v1/report", .least = Role::Analyst, .handler = readReport, .summary = "A report on what a team, or all of them, used in a week, a month, or from one day to another.", .query = {"team", "week", "month", "from", "to", "time_zone", "format"}, .answer = "report.made"});
    table.push_back({.method = "GET", .path = all + "/state", .least = Role::Analyst, .handler = readState, .summary = "How scheduled reports stand: when each was made last and what came of it, and when it is due.", .answer = "report.states"});
    table.push_back({.method = "GET", .path = one + "/runs", .least = Role::Analyst, .handler = readRuns, .summary = "What came of a scheduled report, newest first.", .answer = "report.runs"});
    table.push_back({.method = "POST", .path = one + "/run", .least = Role::Admin, .handler = run, .summary = "Makes a scheduled report of the last week or month now, and mails it as it says.", .answer = "report.run"});
}

} // namespace gateway::admin
