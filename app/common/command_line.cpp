// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/command_line.h"

#include "gateway/config/budget_word.h"
#include "gateway/config/check.h"
#include "gateway/config/duration.h"
#include "gateway/config/names.h"
#include "gateway/core/endpoint.h"
#include "gateway/core/report_time.h"
#include "gateway/core/text.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <map>

namespace app {

namespace {

const std::map<std::string, LogLevel> levels {{"debug", LogLevel::Debug}, {"info", LogLevel::Info}, {"warning", LogLevel::Warning}, {"error", LogLevel::Error}};
const std::map<std::string, LogFormat> formats {{"text", LogFormat::Text}, {"json", LogFormat::Json}};

constexpr const char *daemonAbout = "Signalbox is a gateway between programs and language model providers. signalboxd runs it without a window.\n"
                                    "Without a command it serves. The other commands go to the running gateway, or work on the data folder where none runs.";
constexpr const char *windowAbout = "Signalbox is a gateway between programs and language model providers.\n"
                                    "Without a command the window opens, with the gateway inside. The other commands are those of signalboxd.";

/// An empty variable is one that was not set.
std::string listenProblem(const std::string &text)
{
    return text.empty() || gateway::config::parseListen(text) ? "" : fmt::format("{} is not an address and port, such as 127.0.0.1:8787", gateway::jsonQuoted(text));
}

/// A check that the text is a key of `words`.
template <typename T>
std::function<std::string(const std::string &)> oneOf(const std::map<std::string, T> &words)
{
    return [&words](const std::string &text) {
        if (words.contains(text))
            return std::string();
        std::string list;
        for (const auto &[word, value] : words)
            list += (list.empty() ? "" : ", ") + word;
        return fmt::format("{} is not one of {}", gateway::jsonQuoted(text), list);
    };
}

std::string dateProblem(const std::string &text)
{
    const auto date = gateway::config::parseDate(text);
    return date ? "" : date.error().message;
}

std::string graceProblem(const std::string &text)
{
    const auto grace = gateway::config::parseDuration(text);
    return grace ? "" : grace.error().message;
}

std::string budgetProblem(const std::string &text)
{
    const auto budget = gateway::config::parseBudget(text);
    return budget ? "" : budget.error().message;
}

std::string whenProblem(const std::string &text)
{
    return gateway::config::parseDate(text) || gateway::config::parseDuration(text)
        ? ""
        : fmt::format("{} is neither a date, such as 2026-11-01 or 2026-11-01T08:00:00Z, nor how long ago, such as 24h", gateway::jsonQuoted(text));
}

std::string weekProblem(const std::string &text)
{
    const auto week = gateway::reportWeek(text, "UTC");
    return week ? "" : week.error().message;
}

std::string monthProblem(const std::string &text)
{
    const auto month = gateway::reportMonth(text, "UTC");
    return month ? "" : month.error().message;
}

std::string dayProblem(const std::string &text)
{
    const auto day = gateway::reportDays(text, text, "UTC");
    return day ? "" : day.error().message;
}

std::string zoneProblem(const std::string &text)
{
    const auto week = gateway::reportWeek("2026-W01", text);
    return week ? "" : week.error().message;
}

std::string reportFormatProblem(const std::string &text)
{
    return text == "html" || text == "json" || text == "pdf" ? "" : fmt::format("{} is not one of html, json, pdf", gateway::jsonQuoted(text));
}

std::string endpointProblem(const std::string &text)
{
    return gateway::endpointOf(text) ? "" : fmt::format("{} is no endpoint, such as chat_completions, messages or embeddings", gateway::jsonQuoted(text));
}

std::string headerProblem(const std::string &text)
{
    const std::size_t colon = text.find(':');
    return colon != std::string::npos && colon > 0 ? "" : fmt::format("{} is no header, such as \"x-signalbox-tags: nightly\"", gateway::jsonQuoted(text));
}

std::string keyNameProblem(const std::string &text)
{
    return gateway::config::nameProblem(gateway::config::NameOf::Key, text).value_or("");
}

/// Options that config.md has and this version does not: known, so that they are refused by name.
struct NotBuilt
{
    std::vector<std::string> scratch = std::vector<std::string>(16); ///< CLI11 writes the values somewhere; never resized
    std::vector<std::pair<CLI::Option *, std::string>> options;

    void option(CLI::App &command, const std::string &name, const std::string &what)
    {
        options.emplace_back(command.add_option(name, scratch[options.size()], "Not built yet in this version"), what);
    }

    /// Empty: nothing of it was used.
    [[nodiscard]] std::string used() const
    {
        for (const auto &[option, what] : options) {
            if (option->count() > 0)
                return what;
        }
        return {};
    }
};

class Parser
{
public:
    explicit Parser(Program program)
        : m_program(program), m_app(program == Program::Daemon ? daemonAbout : windowAbout, program == Program::Daemon ? "signalboxd" : "signalbox")
    {
        m_app.set_version_flag("--version", std::string("Signalbox ") + SIGNALBOX_VERSION, "Print the version");
        m_app.set_help_flag("-h,--help", "Print this help");
        m_app.require_subcommand(0, 1);
        m_app.footer("Every option can be given by the environment too: --log-level is SIGNALBOX_LOG_LEVEL.\nExit codes: 0 fine, 1 failed, 2 wrong usage.");
        addCommonOptions();
        addCommand("serve", "Run the gateway (the default)", Command::Serve);
        addConfigCommands();
        addKeyCommands();
        addPlanCommands();
        addReportCommand();
        addCostCommands();
        addCommand("doctor", "Check data folder, port, providers, database, clock and keyring; exit 1 if one fails", Command::Doctor);
        addImportCommands();
        addBackupCommands();
        addCallsCommands();
    }

    std::expected<Invocation, Ended> parse(const std::vector<std::string> &arguments)
    {
        std::vector<std::string> fromTheBack(arguments.rbegin(), arguments.rend()); // as CLI11 takes them
        try {
            m_app.parse(std::move(fromTheBack));
        } catch (const CLI::ParseError &error) {
            return std::unexpected(ended(error, arguments));
        }
        if (const std::string what = m_notBuilt.used(); !what.empty())
            return std::unexpected(Ended {exits::usage, {}, fmt::format("{} is not built yet in this version.\n", what)});
        for (const auto &[command, value] : m_commands) {
            if (command->parsed())
                m_result.command = value;
        }
        m_result.logLevel = levels.at(m_level);
        m_result.logFormat = formats.at(m_format);
        if (m_modelsOption->count() > 0)
            m_result.keyModels = m_models;
        if (const char *token = std::getenv("SIGNALBOX_ADMIN_TOKEN"))
            m_result.adminToken = token;
        if (const char *passphrase = std::getenv("SIGNALBOX_BACKUP_PASSPHRASE"))
            m_result.passphrase = passphrase;
        return m_result;
    }

private:
    void addCommonOptions()
    {
        m_app.add_option("--data", m_result.data, "Data folder (default: $XDG_DATA_HOME/signalbox; with --demo signalbox-demo)")->envname("SIGNALBOX_DATA")->type_name("DIR");
        m_app.add_option("--config", m_result.config, "Configuration file: applied at the start and whenever it changes")->envname("SIGNALBOX_CONFIG")->type_name("FILE");
        m_app.add_option("--listen", m_result.listen, "Address to listen on, over the configuration's (which is 127.0.0.1:8787 by default)")
            ->envname("SIGNALBOX_LISTEN")->type_name("ADDR:PORT")->check(listenProblem);
        m_app.add_option("--workers", m_result.workers, "Worker threads (default: one for each core)")->envname("SIGNALBOX_WORKERS")->type_name("N")->check(CLI::Range(0, 1024));
        m_app.add_flag("--demo", m_result.demo, "Simulated providers and traffic, in a data folder of their own")->envname("SIGNALBOX_DEMO");
        m_app.add_flag("--keyring", m_result.keyring, "Keep the key of the vault in the desktop's keyring, not in the data folder")->envname("SIGNALBOX_KEYRING");
        m_app.add_option("--log-level", m_level, "debug, info, warning or error (default: info)")->envname("SIGNALBOX_LOG_LEVEL")->type_name("L")->check(oneOf(levels));
        m_app.add_option("--log-format", m_format, "text or json (default: text)")->envname("SIGNALBOX_LOG_FORMAT")->type_name("F")->check(oneOf(formats));
        if (m_program == Program::Window)
            m_notBuilt.option(m_app, "--viewer", "The viewer (--viewer)");
    }

    CLI::App *addCommand(CLI::App &parent, const std::string &name, const std::string &about, Command command)
    {
        CLI::App *added = parent.add_subcommand(name, about);
        added->fallthrough();
        m_commands.emplace_back(added, command);
        return added;
    }

    CLI::App *addCommand(const std::string &name, const std::string &about, Command command) { return addCommand(m_app, name, about, command); }

    CLI::App *addGroup(const std::string &name, const std::string &about)
    {
        CLI::App *group = m_app.add_subcommand(name, about);
        group->fallthrough();
        group->require_subcommand(1);
        return group;
    }

    void addConfigCommands()
    {
        CLI::App *group = addGroup("config", "Check, apply, export or roll back the configuration");
        for (const auto &[name, about, command] : {std::tuple("check", "Say what is wrong with a configuration file; nothing is changed", Command::ConfigCheck),
                                                   std::tuple("apply", "Say what a configuration file changes, then add or replace what it names", Command::ConfigApply)})
            addCommand(*group, name, about, command)->add_option("file", m_result.file, "The file, YAML or JSON")->required()->type_name("FILE");
        addYes(*group->get_subcommand("apply"));
        addCommand(*group, "export", "Print the configuration as YAML", Command::ConfigExport)
            ->add_flag("--with-secrets", m_result.withSecrets, "With the providers' keys in clear");
        addCommand(*group, "versions", "List the versions of the configuration, newest first", Command::ConfigVersions);
        CLI::App *rollback = addCommand(*group, "rollback", "Say what going back to a version changes, then do it, as a new version", Command::ConfigRollback);
        rollback->add_option("revision", m_result.revision, "The version's number, as `config versions` lists it")->required()->type_name("N")->check(CLI::PositiveNumber);
        addYes(*rollback);
    }

    void addKeyCommands()
    {
        CLI::App *group = addGroup("key", "Create, list, revoke and rotate virtual keys");
        CLI::App *create = addCommand(*group, "create", "Make a key and print its secret, this once", Command::KeyCreate);
        create->add_option("--name,name", m_result.keyName, "Name of the key")->required()->type_name("N")->check(keyNameProblem);
        create->add_option("--team", m_result.keyTeam, "Team that its calls count for")->type_name("T");
        create->add_flag("--create-team", m_result.createTeam, "Make the team too where it is not there yet");
        m_modelsOption = create->add_option("--models", m_models, "Routes that it may use (default: all)")->type_name("a,b")->delimiter(',');
        create->add_option("--expires", m_result.keyExpires, "Date from which it is refused, such as 2027-12-31")->type_name("DATE")->check(dateProblem);
        create->add_option("--budget", m_result.keyBudget, "Dollars that its calls may cost per hour, day, week, month or in total, such as 50/month")->type_name("N/PERIOD")->check(budgetProblem);
        create->add_option("--rpm", m_result.keyRpm, "Most requests a minute")->type_name("N")->check(CLI::PositiveNumber);
        create->add_option("--tpm", m_result.keyTpm, "Most tokens a minute")->type_name("N")->check(CLI::PositiveNumber);
        addCommand(*group, "list", "List the keys", Command::KeyList);
        addCommand(*group, "revoke", "Refuse a key from now on", Command::KeyRevoke)->add_option("name", m_result.keyName, "Name of the key")->required()->type_name("NAME");
        CLI::App *rotate = addCommand(*group, "rotate", "Give a key a new secret and print it, this once", Command::KeyRotate);
        rotate->add_option("name", m_result.keyName, "Name of the key")->required()->type_name("NAME");
        rotate->add_option("--grace", m_result.grace, "How long the old secret works on, such as 24h (default: it ends at once)")->type_name("TIME")->check(graceProblem);
    }

    void addYes(CLI::App &command) { command.add_flag("--yes,-y", m_result.yes, "Ask nobody, at a terminal too"); }

    void addImportCommands()
    {
        CLI::App *group = addGroup("import", "Take over another gateway's configuration");
        for (const auto &[name, about, command] : {std::tuple("litellm", "A config.yaml of LiteLLM", Command::ImportLiteLlm), std::tuple("portkey", "A config object of Portkey, as a route", Command::ImportPortkey)}) {
            CLI::App *import = addCommand(*group, name, about, command);
            import->add_option("file", m_result.file, "The file")->required()->type_name("FILE");
            import->add_flag("--dry-run", m_result.dryRun, "Print what would be taken, and the configuration; change nothing");
            addYes(*import);
            if (command == Command::ImportPortkey)
                import->add_option("--name", m_result.route, "Name of the route (default: the file's name)")->type_name("N");
        }
    }

    void addBackupCommands()
    {
        CLI::App *backup = addCommand("backup", "Write configuration, call log, audit and spend into one file, while all goes on", Command::Backup);
        backup->add_flag("--without-calls", m_result.withoutCalls, "Without the call log; spend is in it in any case");
        CLI::App *restore = addCommand("restore", "Put a backup in the place of the data folder's databases, which go into its backups", Command::Restore);
        for (CLI::App *command : {backup, restore}) {
            command->add_option("file", m_result.file, "The backup")->required()->type_name("FILE");
            command->add_option("--passphrase-file", m_result.passphraseFile, "A file whose first line is the passphrase that secrets are sealed with (or SIGNALBOX_BACKUP_PASSPHRASE)")->type_name("FILE");
        }
    }

    void addCallsCommands()
    {
        CLI::App *group = addGroup("calls", "Export, import and remove calls of the log");
        CLI::App *exported = addCommand(*group, "export", "Write calls into a file, oldest first, a line of JSON each; beside a running gateway too", Command::CallsExport);
        exported->add_option("file", m_result.file, "The file; packed where it ends in .gz or .zst. -: stdout")->required()->type_name("FILE");
        exported->add_option("--from", m_result.from, "Calls that began from then on: a date, or how long ago (default: the log's beginning)")->type_name("WHEN")->check(whenProblem);
        exported->add_option("--to", m_result.to, "Calls that began before then (default: now)")->type_name("WHEN")->check(whenProblem);
        exported->add_option("--filter", m_result.filter, "Only these calls, as the call log's filter says it: \"team:search status:>=500\"")->type_name("F");
        exported->add_flag("--bodies", m_result.bodies, "With what was asked and answered, as far as it is kept");
        exported->add_option("--format", m_result.callFormat, "jsonl, which `calls import` reads, or csv (default: jsonl)")->type_name("F")->check(CLI::IsMember({"jsonl", "csv"}));
        exported->add_flag("--force", m_result.force, "Put it in the place of a file that is there");
        CLI::App *imported = addCommand(*group, "import", "Take calls of an export into the log, but for those that it has; not into spend and budgets", Command::CallsImport);
        imported->add_option("file", m_result.file, "The export, as lines of JSON, packed or not")->required()->type_name("FILE");
        imported->add_flag("--dry-run", m_result.dryRun, "Say what would be taken; change nothing");
        CLI::App *prune = addCommand(*group, "prune", "Remove old calls, or their bodies alone; sums and spend stay", Command::CallsPrune);
        CLI::Option_group *when = prune->add_option_group("when", "Which calls");
        when->add_option("--before", m_result.before, "Calls that began before that date")->type_name("DATE")->check(dateProblem);
        when->add_option("--older-than", m_result.olderThan, "Calls that began longer ago, such as 30d")->type_name("TIME")->check(graceProblem);
        when->require_option(1);
        prune->add_flag("--bodies-only", m_result.bodiesOnly, "Only what was asked and answered; the calls stay");
        prune->add_flag("--dry-run", m_result.dryRun, "Say what would be removed; change nothing");
        addYes(*prune);
    }

    void addPlanCommands()
    {
        CLI::App *explain = addCommand("explain", "Say where a call would go and why; nothing is sent", Command::Explain);
        explain->add_option("--model", m_result.model, "What the call asks for (default: what its body names)")->type_name("M");
        explain->add_option("--body", m_result.body, "A file with the request's body (default: one short message)")->type_name("FILE");
        explain->add_option("--endpoint", m_result.endpoint, "Which API (default: chat_completions)")->type_name("E")->check(endpointProblem);
        explain->add_option("--header", m_result.headers, "A header of the request, such as \"x-signalbox-tags: nightly\"; may be given again")->type_name("NAME:VALUE")->check(headerProblem);
        explain->add_option("--key", m_result.keyName, "The virtual key that calls")->type_name("NAME");
        explain->add_option("--route", m_result.route, "A configuration file with edited routes, in place of what runs")->type_name("FILE");
        explain->add_option("--seed", m_result.seed, "Of what is drawn (default: 1)")->type_name("N");
        explain->add_flag("--json", m_result.json, "Print JSON");
        CLI::App *replay = addCommand("replay", "Take calls of the log through edited routes; nothing is sent", Command::Replay);
        replay->add_option("--route", m_result.route, "A configuration file with the edited routes")->required()->type_name("FILE");
        replay->add_option("--from", m_result.from, "From when on: a date, or how long ago (default: the log's beginning)")->type_name("WHEN")->check(whenProblem);
        replay->add_option("--to", m_result.to, "Until when (default: now)")->type_name("WHEN")->check(whenProblem);
        replay->add_option("--filter", m_result.filter, "Only these calls, as the call log's filter says it: \"team:search status:>=500\"")->type_name("F");
        replay->add_option("--sample", m_result.sample, "A share of the calls, drawn (default: 1, all)")->type_name("SHARE")->check(CLI::Range(0.000001, 1.0));
        replay->add_option("--seed", m_result.seed, "Of the sample and of what is drawn (default: 1)")->type_name("N");
        replay->add_option("--list", m_result.listed, "So many calls whose fate changes are listed (default: 20)")->type_name("N")->check(CLI::Range(0, 10'000));
        replay->add_flag("--json", m_result.json, "Print JSON");
        CLI::App *reconcile = addCommand("reconcile", "Hold a provider's bill beside the call log, by day and model; nothing is changed", Command::Reconcile);
        reconcile->add_option("files", m_result.files, "Exports of OpenAI, Anthropic or Google Cloud Billing, CSV or JSON: usage, costs, or both")->required()->type_name("FILE")->check(CLI::ExistingFile);
        reconcile->add_option("--provider", m_result.providers, "A provider whose calls are on that bill; may be given again (default: all of that vendor)")->type_name("NAME");
        reconcile->add_flag("--json", m_result.json, "Print JSON");
    }

    void addReportCommand()
    {
        CLI::App *report = addCommand("report", "Write a report on what a team, or all of them, used in a week or month", Command::Report);
        report->add_option("--team", m_result.keyTeam, "The team (default: all, with a section for each)")->type_name("T");
        CLI::Option *week = report->add_option("--week", m_result.week, "A week of ISO 8601, such as 2026-W47 (default: the last one that is over)")->type_name("W")->check(weekProblem);
        CLI::Option *month = report->add_option("--month", m_result.month, "A month, such as 2026-11")->type_name("M")->check(monthProblem)->excludes(week);
        CLI::Option *from = report->add_option("--from", m_result.from, "From that day on, such as 2026-11-01")->type_name("DAY")->check(dayProblem)->excludes(week)->excludes(month);
        report->add_option("--to", m_result.to, "Up to that day, which belongs to it (default: the first one alone)")->type_name("DAY")->check(dayProblem)->needs(from);
        report->add_option("--time-zone", m_result.timeZone, "Whose days and weeks (default: gateway.time_zone)")->type_name("Z")->check(zoneProblem);
        report->add_option("--out", m_result.out, "The file, or - for standard output (default: standard output; a PDF goes to a file of its own name)")->type_name("FILE");
        report->add_option("--format", m_result.format, "html, json or, with `signalbox`, pdf (default: html)")->type_name("F")->check(reportFormatProblem);
    }

    void addCostCommands()
    {
        CLI::App *group = addGroup("costs", "Costs of the calls in the log");
        CLI::App *reprice = addCommand(*group, "reprice", "Give calls of the log a second figure by the prices of now; what was logged, budgets and spend stay", Command::CostsReprice);
        reprice->add_option("--from", m_result.from, "From when on: a date, or how long ago (default: the log's beginning)")->type_name("WHEN")->check(whenProblem);
        reprice->add_option("--to", m_result.to, "Until when (default: now)")->type_name("WHEN")->check(whenProblem);
        reprice->add_option("--filter", m_result.filter, "Only these calls, as the call log's filter says it: \"model:gpt-4o\"")->type_name("F");
        reprice->add_flag("--dry-run", m_result.dryRun, "Say what would change, by provider and model; change nothing");
        reprice->add_flag("--json", m_result.json, "Print JSON");
    }

    /// Which command may have been meant, or which there are.
    std::string advice(const std::vector<std::string> &arguments) const
    {
        const CLI::App *at = &m_app;
        std::vector<std::string_view> names;
        const auto enter = [&](const CLI::App *app) {
            at = app;
            names.clear();
            for (const CLI::App *command : app->get_subcommands(std::function<bool(const CLI::App *)>())) {
                if (!command->get_name().empty()) // else a group of options
                    names.emplace_back(command->get_name());
            }
        };
        enter(at);
        for (const std::string &argument : arguments) {
            if (argument.starts_with('-'))
                continue;
            if (std::ranges::find(names, argument) != names.end())
                enter(at->get_subcommand(argument));
            else if (const std::string_view near = gateway::nearestName(argument, names); !near.empty())
                return fmt::format(" Did you mean `{}`?", near);
        }
        return at == &m_app || names.empty() ? std::string() : fmt::format(" `{}` takes one of: {}.", at->get_name(), fmt::join(names, ", "));
    }

    Ended ended(const CLI::ParseError &error, const std::vector<std::string> &arguments) const
    {
        if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
            // help() is of the innermost command that was named
            const bool version = dynamic_cast<const CLI::CallForVersion *>(&error) != nullptr;
            return {exits::fine, version ? std::string(error.what()) + '\n' : m_app.help(), {}};
        }
        return {exits::usage, {}, fmt::format("{}.{}\nRun {} --help for more information.\n", error.what(), advice(arguments), m_app.get_name())};
    }

    Program m_program;
    CLI::App m_app;
    Invocation m_result;
    NotBuilt m_notBuilt;
    std::vector<std::pair<CLI::App *, Command>> m_commands;
    CLI::Option *m_modelsOption = nullptr;
    std::vector<std::string> m_models;
    std::string m_level = "info";
    std::string m_format = "text";
};

} // namespace

std::expected<Invocation, Ended> parseCommandLine(Program program, const std::vector<std::string> &arguments)
{
    return Parser(program).parse(arguments);
}

} // namespace app
