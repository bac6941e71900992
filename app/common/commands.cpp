// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/commands.h"

#include "app/common/asking.h"
#include "app/common/backup_commands.h"
#include "app/common/bill_commands.h"
#include "app/common/call_commands.h"
#include "app/common/cost_commands.h"
#include "app/common/config_file.h"
#include "app/common/data_folder.h"
#include "app/common/doctor.h"
#include "app/common/edit_commands.h"
#include "app/common/plan_commands.h"
#include "app/common/report_commands.h"
#include "gateway/config/config_json.h"
#include "gateway/core/price_book.h"
#include "gateway/core/text.h"
#include "gateway/pipeline/compile.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <iterator>
#include <ostream>

namespace app {

namespace {

using gateway::ErrorCode;
using gateway::Result;
using nlohmann::json;
namespace config = gateway::config;
namespace fs = std::filesystem;

// --- config

int checkConfig(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    const auto read = loadConfigFile(invocation.file, config::Origin::File);
    if (!read) {
        print(err, read.error());
        return exits::failed;
    }
    const auto compiled = gateway::pipeline::compile(read->config, std::make_shared<const gateway::PriceBook>(), nullptr);
    config::Problems problems = read->warnings;
    for (const config::Problem &problem : compiled.problems) {
        config::Problem placed = read->placed(read->config, invocation.file, problem.field, problem.message, problem.warning);
        if (std::find(problems.begin(), problems.end(), placed) == problems.end()) // reading found some of them already
            problems.push_back(std::move(placed));
    }
    print(err, problems);
    if (config::anyError(problems))
        return exits::failed;
    out << fmt::format("{}: fine. {} providers, {} routes, {} teams, {} keys.\n", invocation.file, read->config.providers.size(), read->config.routes.size(),
                       read->config.teams.size(), read->config.keys.size());
    return exits::fine;
}

int exportConfig(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    const auto answer = goodAnswer(ask(invocation, {{"do", "config.export"}, {"secrets", invocation.withSecrets}}), err);
    if (!answer)
        return exits::failed;
    out << textOf(*answer, "yaml");
    return exits::fine;
}

// --- key

/// The secret alone on stdout, so that it can be piped; the words go to stderr.
int printSecret(const std::optional<json> &answer, std::ostream &out, std::ostream &err)
{
    if (!answer)
        return exits::failed;
    err << fmt::format("Key {}: its secret is shown this once.\n", gateway::jsonQuoted(textOf(*answer, "name")));
    if (const std::string ends = textOf(*answer, "grace_ends"); !ends.empty())
        err << fmt::format("The secret until now works on until {}.\n", ends);
    out << textOf(*answer, "secret") << '\n';
    return exits::fine;
}

int createKey(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    json request {{"do", "key.create"}, {"name", invocation.keyName}, {"team", invocation.keyTeam}, {"create_team", invocation.createTeam}, {"expires", invocation.keyExpires}};
    if (invocation.keyModels)
        request["models"] = *invocation.keyModels;
    if (!invocation.keyBudget.empty())
        request["budget"] = invocation.keyBudget;
    if (invocation.keyRpm > 0)
        request["rpm"] = invocation.keyRpm;
    if (invocation.keyTpm > 0)
        request["tpm"] = invocation.keyTpm;
    return printSecret(goodAnswer(ask(invocation, request), err), out, err);
}

int rotateKey(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    return printSecret(goodAnswer(ask(invocation, {{"do", "key.rotate"}, {"name", invocation.keyName}, {"grace", invocation.grace}}), err), out, err);
}

int revokeKey(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    const auto answer = goodAnswer(ask(invocation, {{"do", "key.revoke"}, {"name", invocation.keyName}}), err);
    if (!answer)
        return exits::failed;
    out << fmt::format("Key {} {}.\n", gateway::jsonQuoted(invocation.keyName), isTrue(*answer, "revoked") ? "is revoked" : "was revoked already");
    return exits::fine;
}

std::string keyState(const json &key)
{
    if (isTrue(key, "revoked"))
        return "revoked";
    if (isTrue(key, "sleeping"))
        return "sleeps: rotate it";
    if (isTrue(key, "expired"))
        return "expired";
    const std::string grace = textOf(key, "grace_ends");
    return grace.empty() ? "works" : fmt::format("works; the old secret too until {}", grace);
}

std::string joined(const json &list)
{
    std::string text;
    for (const json &item : list)
        text += (text.empty() ? "" : ",") + (item.is_string() ? item.get<std::string>() : std::string());
    return text.empty() ? "none" : text;
}

int listKeys(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    const auto answer = goodAnswer(ask(invocation, {{"do", "key.list"}}), err);
    if (!answer)
        return exits::failed;
    constexpr std::size_t columns = 8;
    std::vector<std::array<std::string, columns>> rows {{"NAME", "TEAM", "SECRET", "STATE", "MODELS", "EXPIRES", "LAST USED", "SPENT (MONTH)"}};
    for (const json &key : listOf(*answer, "keys")) {
        const std::string prefix = textOf(key, "prefix");
        const std::string spent = textOf(key, "spent");
        rows.push_back({textOf(key, "name"), textOf(key, "team"), prefix.empty() ? "-" : prefix + "...", keyState(key), key.contains("models") ? joined(key["models"]) : "all",
                        key.contains("expires") ? textOf(key, "expires") : "never", key.contains("last_used") ? textOf(key, "last_used") : "never", spent.empty() ? "-" : '$' + spent});
    }
    std::array<std::size_t, columns> widths {};
    for (const auto &row : rows) {
        for (std::size_t i = 0; i < columns; ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto &row : rows) {
        std::string line;
        for (std::size_t i = 0; i < columns; ++i)
            line += fmt::format("{:<{}}  ", row[i], widths[i]);
        out << gateway::trimmed(line) << '\n';
    }
    return exits::fine;
}

// --- plans

/// The routes of a file, for what is only tried; nullopt: a problem was printed
std::optional<std::string> editedRoutes(const std::string &file, std::ostream &err)
{
    const auto read = loadConfigFile(file, config::Origin::Database);
    if (!read) {
        print(err, read.error());
        return std::nullopt;
    }
    print(err, read->warnings);
    return config::toJson(read->config, config::Secrets::Include);
}

int printAnswer(const Invocation &invocation, const json &request, void (*printed)(const json &, std::ostream &), std::ostream &out, std::ostream &err)
{
    const auto answer = goodAnswer(ask(invocation, request), err);
    if (!answer)
        return exits::failed;
    if (invocation.json)
        out << answer->dump(2) << '\n';
    else
        printed(*answer, out);
    return exits::fine;
}

int explainCall(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    json request {{"do", "explain"}, {"model", invocation.model}, {"endpoint", invocation.endpoint}, {"key", invocation.keyName}, {"seed", invocation.seed}, {"headers", json::array()}};
    for (const std::string &header : invocation.headers) {
        const std::size_t colon = header.find(':');
        request["headers"].push_back({header.substr(0, colon), gateway::trimmed(std::string_view(header).substr(colon + 1))});
    }
    if (!invocation.body.empty()) {
        std::ifstream file(invocation.body, std::ios::binary);
        if (!file) {
            err << fmt::format("{}: cannot be read.\n", invocation.body);
            return exits::failed;
        }
        request["body"] = std::string(std::istreambuf_iterator<char>(file), {});
    }
    if (!invocation.route.empty()) {
        const auto edited = editedRoutes(invocation.route, err);
        if (!edited)
            return exits::failed;
        request["config"] = *edited;
    }
    return printAnswer(invocation, request, printExplanation, out, err);
}

int replayCalls(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    const auto edited = editedRoutes(invocation.route, err);
    if (!edited)
        return exits::failed;
    const json request {{"do", "replay"}, {"config", *edited}, {"from", invocation.from}, {"to", invocation.to}, {"filter", invocation.filter}, {"sample", invocation.sample},
                        {"seed", invocation.seed}, {"listed", invocation.listed}};
    return printAnswer(invocation, request, printReplay, out, err);
}

int reconcileBill(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    json request {{"do", "reconcile"}, {"exports", json::array()}, {"providers", invocation.providers}};
    for (const std::string &name : invocation.files) {
        std::ifstream file(name, std::ios::binary);
        if (!file) {
            err << fmt::format("{}: cannot be read.\n", name);
            return exits::failed;
        }
        request["exports"].push_back(gateway::toValidUtf8(std::string(std::istreambuf_iterator<char>(file), {})));
    }
    return printAnswer(invocation, request, printReconciliation, out, err);
}

int repriceCalls(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    const json request {{"do", "reprice"}, {"from", invocation.from}, {"to", invocation.to}, {"filter", invocation.filter}, {"dry_run", invocation.dryRun}};
    return printAnswer(invocation, request, printRepricing, out, err);
}

// --- doctor

/// --config, if one is given. @param listen  set to the file's own where it names one
void checkConfigFile(const std::string &file, std::string &listen, std::vector<Finding> &findings)
{
    if (file.empty())
        return;
    const auto read = loadConfigFile(file, config::Origin::File);
    if (!read) {
        findings.push_back({"configuration file", false, read.error().front().text()});
        return;
    }
    findings.push_back({"configuration file", true, fmt::format("{} can be read.", file)});
    if (listen.empty() && read->gatewayKeys.contains("listen"))
        listen = read->config.gateway.listen;
}

/// What a gateway finds: the running one, or where there are databases one that is opened for it.
/// @param listen  where a gateway would listen; empty: where the stored configuration says
std::vector<Finding> gatewayFindings(const Invocation &invocation, const fs::path &folder, const std::string &listen)
{
    std::error_code ignored;
    if (!DataFolder::holder(folder) && !fs::exists(folder / "signalbox.db", ignored))
        return {checkFreePort(listen.empty() ? config::GatewaySettings {}.listen : listen), {"database", true, "Not there yet; the first start makes it."}};
    const auto reply = ask(invocation, {{"do", "doctor"}, {"listen", listen}});
    if (!reply)
        return {{"database", false, reply.error().message}};
    std::vector<Finding> findings;
    for (const json &check : listOf(*reply, "checks"))
        findings.push_back({textOf(check, "what"), isTrue(check, "ok"), textOf(check, "words")});
    if (findings.empty())
        findings.push_back({"gateway", false, reply->contains("error") ? textOf((*reply)["error"], "message") : "It did not say what it found."});
    return findings;
}

int runDoctor(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    const auto folder = folderOf(invocation);
    if (!folder) {
        err << folder.error().message << '\n';
        return exits::failed;
    }
    std::error_code ignored;
    std::vector<Finding> findings;
    const bool fresh = !fs::exists(*folder, ignored);
    findings.push_back(fresh ? Finding {"data folder", true, folder->string() + " is not there yet; the first start makes it."} : checkFolder(*folder));
    std::string listen = invocation.listen;
    checkConfigFile(invocation.config, listen, findings);
    std::ranges::move(gatewayFindings(invocation, *folder, listen), std::back_inserter(findings));
    findings.push_back(checkClock());
    findings.push_back(checkKeyring(*folder, invocation.keyring));
    for (const Finding &finding : findings)
        out << fmt::format("{:<6} {}: {}\n", finding.ok ? "ok" : "FAILED", finding.what, finding.words);
    return std::ranges::all_of(findings, &Finding::ok) ? exits::fine : exits::failed;
}

} // namespace

int runCommand(const Invocation &invocation, std::ostream &out, std::ostream &err, const PdfDrawer &pdf)
{
    switch (invocation.command) {
    case Command::ConfigCheck: return checkConfig(invocation, out, err);
    case Command::ConfigApply: return applyConfig(invocation, out, err);
    case Command::ConfigExport: return exportConfig(invocation, out, err);
    case Command::ConfigVersions: return listVersions(invocation, out, err);
    case Command::ConfigRollback: return rollBack(invocation, out, err);
    case Command::ImportLiteLlm:
    case Command::ImportPortkey: return importFile(invocation, out, err);
    case Command::KeyCreate: return createKey(invocation, out, err);
    case Command::KeyList: return listKeys(invocation, out, err);
    case Command::KeyRevoke: return revokeKey(invocation, out, err);
    case Command::KeyRotate: return rotateKey(invocation, out, err);
    case Command::Explain: return explainCall(invocation, out, err);
    case Command::Replay: return replayCalls(invocation, out, err);
    case Command::Reconcile: return reconcileBill(invocation, out, err);
    case Command::Report: return makeReport(invocation, pdf, out, err);
    case Command::CostsReprice: return repriceCalls(invocation, out, err);
    case Command::Doctor: return runDoctor(invocation, out, err);
    case Command::Backup: return makeBackup(invocation, out, err);
    case Command::Restore: return restoreFolder(invocation, out, err);
    case Command::CallsExport: return exportCalls(invocation, out, err);
    case Command::CallsImport: return importCalls(invocation, out, err);
    case Command::CallsPrune: return pruneCalls(invocation, out, err);
    case Command::Serve: break;
    }
    return exits::usage;
}

} // namespace app
