// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/call_requests.h"

#include "app/common/command_handler.h"
#include "app/common/json_fields.h"
#include "gateway/api/log_tools.h"
#include "gateway/config/duration.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

namespace app {

namespace {

using gateway::ErrorCode;
using gateway::Result;
using nlohmann::json;
namespace api = gateway::api;

template <typename Progress>
std::function<void(Progress)> asJson(JsonTold told)
{
    return [told = std::move(told)](Progress progress) {
        if (told)
            told({{"progress", {{"done", progress.done}, {"all", progress.all}}}});
    };
}

json importedJson(const api::ImportSummary &summary)
{
    json problems = json::array();
    for (const api::ImportProblem &problem : summary.problems)
        problems.push_back({{"line", problem.line}, {"message", problem.message}});
    return {{"ok", true}, {"taken", summary.taken}, {"known", summary.known}, {"too_old", summary.tooOld}, {"wrong", summary.wrong}, {"problems", std::move(problems)}};
}

} // namespace

void importCalls(api::Gateway &gateway, const json &request, QObject *asker, JsonTold answer, JsonTold told)
{
    api::LogTools *log = api::LogTools::of(gateway);
    if (log == nullptr)
        return answer(failure({ErrorCode::NotSupported, "This gateway has no call log of its own."}));
    api::ImportOrder order {.path = textOf(request, "file"), .dryRun = isTrue(request, "dry")};
    if (!std::filesystem::path(order.path).is_absolute()) // this process has another working folder than whoever asks
        return answer(failure({ErrorCode::BadRequest, "file is the whole path of the exported calls."}));
    log->importCalls(std::move(order), asker, asJson<api::ImportProgress>(std::move(told)), [answer = std::move(answer)](const Result<api::ImportSummary> &summary) {
        answer(summary ? importedJson(*summary) : failure(summary.error()));
    });
}

void pruneCalls(api::Gateway &gateway, const json &request, QObject *asker, JsonTold answer, JsonTold told)
{
    api::LogTools *log = api::LogTools::of(gateway);
    if (log == nullptr)
        return answer(failure({ErrorCode::NotSupported, "This gateway has no call log of its own."}));
    const auto before = gateway::config::parseDate(textOf(request, "before"));
    if (!before)
        return answer(failure({ErrorCode::BadRequest, "before: " + before.error().message, "before"}));
    const api::PruneOrder order {.before = *before, .bodiesOnly = isTrue(request, "bodies_only"), .dryRun = isTrue(request, "dry")};
    log->pruneCalls(order, asker, asJson<api::PruneProgress>(std::move(told)), [answer = std::move(answer)](const Result<api::PruneSummary> &summary) {
        answer(summary ? json {{"ok", true}, {"calls", summary->calls}, {"bytes", summary->bytes}} : failure(summary.error()));
    });
}

} // namespace app
