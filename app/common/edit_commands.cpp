// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/edit_commands.h"

#include "app/common/asking.h"
#include "app/common/config_file.h"
#include "gateway/config/config_json.h"
#include "gateway/config/imports/import.h"
#include "gateway/config/yaml_writer.h"
#include "gateway/core/price_book.h"
#include "gateway/core/text.h"
#include "gateway/pipeline/compile.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <unistd.h>

namespace app {

namespace {

using nlohmann::json;
namespace config = gateway::config;
namespace imports = gateway::config::imports;

/// Names only: enough to find which entry of the file a problem is about.
config::Config skeleton(const json &names)
{
    config::Config whole;
    const auto each = [&](const char *key, const auto &add) {
        for (const json &name : listOf(names, key))
            add(name.is_string() ? name.get<std::string>() : std::string());
    };
    each("providers", [&](std::string name) { whole.providers.emplace_back().name = std::move(name); });
    each("routes", [&](std::string name) { whole.routes.emplace_back().name = std::move(name); });
    each("teams", [&](std::string name) { whole.teams.emplace_back().name = std::move(name); });
    each("keys", [&](std::string name) { whole.keys.emplace_back().name = std::move(name); });
    return whole;
}

/// What an answer says is wrong, at its place in the file. Reading the file told the warnings already.
void printProblems(const json &reply, const config::ReadConfig &read, const std::string &file, std::ostream &err)
{
    const config::Config whole = skeleton(reply.value("names", json::object()));
    for (const json &problem : listOf(reply, "problems")) {
        const config::Problem placed = read.placed(whole, file, textOf(problem, "field"), textOf(problem, "message"), isTrue(problem, "warning"));
        if (std::find(read.warnings.begin(), read.warnings.end(), placed) == read.warnings.end())
            err << placed.text() << '\n';
    }
}

/// Whether a person at the terminal wants it; true where nobody is to be asked.
bool isWanted(const Invocation &invocation, std::ostream &err)
{
    if (invocation.yes || ::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0)
        return true;
    err << "Apply this? [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

/// Shows what an edit changes. @return whether a person at the terminal wants it
bool showChanges(const Invocation &invocation, const std::string &diff, std::ostream &err)
{
    if (diff.empty()) // what only a secret differs in may not be seen here, and is applied all the same
        return true;
    err << "Changes:\n";
    for (std::size_t from = 0; from < diff.size();) {
        const std::size_t end = std::min(diff.find('\n', from), diff.size());
        err << "  " << diff.substr(from, end - from) << '\n';
        from = end + 1;
    }
    if (isWanted(invocation, err))
        return true;
    err << "Nothing was changed.\n";
    return false;
}

/// Shows what an edit changes, asks, and makes it.
int applyEdit(const Invocation &invocation, const config::ReadConfig &read, const std::string &note, std::ostream &out, std::ostream &err)
{
    json request {{"do", "config.diff"}, {"config", config::toJson(read.config, config::Secrets::Include)}, {"settings", read.gatewayKeys}, {"sections", read.sections}, {"note", note}};
    const auto compared = ask(invocation, request);
    if (compared)
        printProblems(*compared, read, invocation.file, err);
    const auto changes = goodAnswer(compared, err);
    if (!changes)
        return exits::failed;
    if (!showChanges(invocation, textOf(*changes, "changes"), err))
        return exits::failed;
    request["do"] = "config.apply";
    request["revision"] = changes->value("revision", std::uint64_t {0});
    const auto reply = ask(invocation, request);
    if (!isTrue(reply.value_or(json::object()), "ok") && reply)
        printProblems(*reply, read, invocation.file, err);
    const auto answer = goodAnswer(reply, err);
    if (!answer)
        return exits::failed;
    const auto revision = answer->value("revision", std::uint64_t {0});
    out << (revision == request["revision"] ? std::string("Nothing changes.\n") : fmt::format("Applied; revision {}.\n", revision));
    return exits::fine;
}

std::optional<std::string> environment(std::string_view name)
{
    const char *value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::expected<imports::Imported, config::Problems> readImport(const Invocation &invocation)
{
    std::ifstream file(invocation.file, std::ios::binary);
    std::error_code error;
    if (!file || std::filesystem::is_directory(invocation.file, error))
        return std::unexpected(config::Problems {{.file = invocation.file, .message = "cannot be read; check that it is there and that this user may read it"}});
    constexpr std::size_t largest = 8 * 1024 * 1024 + 1; // more is refused by whoever parses it
    std::string text(largest, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    imports::ImportOptions options {.file = invocation.file, .environment = environment, .route = invocation.route};
    if (options.route.empty())
        options.route = std::filesystem::path(invocation.file).stem().string();
    return invocation.command == Command::ImportPortkey ? imports::importPortkey(text, options) : imports::importLiteLlm(text, options);
}

/// What the configuration alone would be refused for: it is nobody's text, so that there are no places.
config::Problems problemsOf(const config::Config &made)
{
    return gateway::pipeline::compile(made, std::make_shared<const gateway::PriceBook>(), nullptr).problems;
}

} // namespace

int applyConfig(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    const auto read = loadConfigFile(invocation.file, config::Origin::Database);
    if (!read) {
        print(err, read.error());
        return exits::failed;
    }
    print(err, read->warnings);
    return applyEdit(invocation, *read, "config apply " + invocation.file, out, err);
}

int importFile(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    auto imported = readImport(invocation);
    if (!imported) {
        print(err, imported.error());
        return exits::failed;
    }
    std::size_t left = 0;
    for (const imports::ImportNote &note : imported->notes) {
        left += note.fate == imports::ImportNote::Fate::Left ? 1 : 0;
        out << (invocation.dryRun ? "# " : "") << note.text(invocation.file) << '\n';
    }
    out << fmt::format("{}{} keys were taken, {} were not.\n", invocation.dryRun ? "# " : "", imported->notes.size() - left, left);
    if (!invocation.dryRun)
        return applyEdit(invocation, imported->text, "import " + invocation.file, out, err);
    const config::Problems problems = problemsOf(imported->text.config);
    print(err, problems);
    out << config::toYaml(imported->text.config);
    return config::anyError(problems) ? exits::failed : exits::fine;
}

int rollBack(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    json request {{"do", "config.rollback"}, {"to", invocation.revision}, {"dry", true}};
    const auto changes = goodAnswer(ask(invocation, request), err);
    if (!changes)
        return exits::failed;
    const std::string diff = textOf(*changes, "changes");
    if (!showChanges(invocation, diff, err))
        return exits::failed;
    request["dry"] = false;
    request["revision"] = changes->value("revision", std::uint64_t {0});
    const auto reply = ask(invocation, request);
    for (const json &problem : listOf(reply.value_or(json::object()), "problems"))
        err << fmt::format("{}{}\n", isTrue(problem, "warning") ? "warning: " : "", textOf(problem, "message"));
    const auto answer = goodAnswer(reply, err);
    if (!answer)
        return exits::failed;
    const auto revision = answer->value("revision", std::uint64_t {0});
    out << (revision == request["revision"] ? std::string("Nothing changes.\n") : fmt::format("Back to revision {}, as revision {}.\n", invocation.revision, revision));
    return exits::fine;
}

int listVersions(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    const auto answer = goodAnswer(ask(invocation, {{"do", "config.versions"}}), err);
    if (!answer)
        return exits::failed;
    for (const json &version : listOf(*answer, "versions"))
        out << fmt::format("{:>6}  {}  {:<16}  {}\n", version.value("revision", std::uint64_t {0}), textOf(version, "at"), textOf(version, "author"), textOf(version, "note"));
    return exits::fine;
}

} // namespace app
