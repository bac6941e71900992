// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/call_commands.h"

#include "app/common/asking.h"
#include "app/common/progress_line.h"
#include "gateway/config/duration.h"

#include <filesystem>
#include <fmt/format.h>
#include <iostream>
#include <optional>
#include <unistd.h>

namespace app {

namespace {

using gateway::ErrorCode;
using gateway::Result;
using nlohmann::json;

std::uint64_t count(const json &answer, const char *name)
{
    return answer.value(name, std::uint64_t {0});
}

/// "1 call", "3 calls"
std::string calls(std::uint64_t number)
{
    return fmt::format("{} call{}", number, number == 1 ? "" : "s");
}

Result<json> askWithProgress(const Invocation &invocation, const json &request, const char *what, std::ostream &err)
{
    ProgressLine progress(err, what);
    return ask(invocation, request, [&](const json &said) {
        const json &at = said["progress"];
        progress.at(count(at, "done"), count(at, "all"));
    });
}

/// What would be removed; nullopt: a problem was printed
std::optional<json> lookAtOld(const Invocation &invocation, json request, std::ostream &err)
{
    request["dry"] = true;
    return goodAnswer(ask(invocation, request), err);
}

bool isWanted(const Invocation &invocation, std::ostream &err)
{
    if (invocation.yes)
        return true;
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0) {
        err << "Nothing was removed: nobody can be asked here. Say --yes to remove it, or --dry-run to only look.\n";
        return false;
    }
    err << "Remove this for good? [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    if (answer == "y" || answer == "Y" || answer == "yes")
        return true;
    err << "Nothing was removed.\n";
    return false;
}

} // namespace

int importCalls(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    std::error_code error;
    const json request {{"do", "calls.import"}, {"file", std::filesystem::absolute(invocation.file, error).string()}, {"dry", invocation.dryRun}};
    const auto answer = goodAnswer(askWithProgress(invocation, request, "Import", err), err);
    if (!answer)
        return exits::failed;
    for (const json &problem : listOf(*answer, "problems"))
        err << fmt::format("{}:{}: {}\n", invocation.file, count(problem, "line"), textOf(problem, "message"));
    const std::uint64_t wrong = count(*answer, "wrong");
    if (wrong > listOf(*answer, "problems").size())
        err << fmt::format("and {} lines more that are no calls\n", wrong - listOf(*answer, "problems").size());
    out << fmt::format("{} {}, {} there already", calls(count(*answer, "taken")), invocation.dryRun ? "would be taken" : "taken", count(*answer, "known"));
    if (const std::uint64_t old = count(*answer, "too_old"); old > 0)
        out << fmt::format(", {} too old: the log keeps no calls of that time, or they were removed from it and are in its sums still", old);
    if (wrong > 0)
        out << fmt::format(", {} wrong", wrong);
    out << ".\n";
    return wrong > 0 ? exits::failed : exits::fine;
}

int pruneCalls(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    auto before = gateway::config::parseDate(invocation.before);
    if (const auto age = gateway::config::parseDuration(invocation.olderThan); !invocation.olderThan.empty() && age)
        before = gateway::SystemClock().wallNow() - *age;
    if (!before) { // one of the two is there: the command line asks for it
        err << before.error().message << '\n';
        return exits::usage;
    }
    const std::string date = gateway::config::dateText(*before);
    json request {{"do", "calls.prune"}, {"before", date}, {"bodies_only", invocation.bodiesOnly}, {"dry", false}};
    const auto old = lookAtOld(invocation, request, err);
    if (!old)
        return exits::failed;
    const std::string shown = gateway::config::dateText(std::chrono::floor<std::chrono::seconds>(*before));
    if (count(*old, "calls") == 0) {
        out << fmt::format("There is nothing to remove: no calls{} began before {}.\n", invocation.bodiesOnly ? " with bodies" : "", shown);
        return exits::fine;
    }
    (invocation.dryRun ? out : err) << fmt::format("{} {} that began before {}, about {}. What they cost stays in all sums.\n", invocation.bodiesOnly ? "The bodies of" : "To be removed:",
                                                   calls(count(*old, "calls")), shown, sizeWords(count(*old, "bytes")));
    if (invocation.dryRun)
        return exits::fine;
    if (!isWanted(invocation, err))
        return exits::failed;
    const auto done = goodAnswer(askWithProgress(invocation, request, "Removing", err), err);
    if (!done)
        return exits::failed;
    out << fmt::format("Removed {}{}; {} are free for what comes.\n", invocation.bodiesOnly ? "the bodies of " : "", calls(count(*done, "calls")), sizeWords(count(*done, "bytes")));
    return exits::fine;
}

} // namespace app
