// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/config_follower.h"

#include "app/common/config_file.h"
#include "gateway/config/file_layer.h"

#include <fmt/format.h>

namespace app {

namespace config = gateway::config;
namespace api = gateway::api;

void logProblems(Log &log, const config::Problems &problems)
{
    for (const config::Problem &problem : problems) {
        config::Problem plain = problem;
        plain.warning = false; // the entry's level says it
        log.write(problem.warning ? LogLevel::Warning : LogLevel::Error, plain.text());
    }
}

ConfigFollower::ConfigFollower(api::Gateway &gateway, Log &log, std::filesystem::path file, std::unique_ptr<ConfigWatch> watch, QObject *parent)
    : QObject(parent), m_gateway(gateway), m_log(log), m_file(std::move(file)), m_watch(watch ? std::move(watch) : std::make_unique<ConfigWatch>(m_file))
{
    connect(m_watch.get(), &ConfigWatch::changed, this, &ConfigFollower::apply);
}

void ConfigFollower::apply()
{
    auto read = loadConfigFile(m_file, config::Origin::File);
    if (!read) {
        logProblems(m_log, read.error());
        m_log.error("the configuration file was not applied; the running configuration goes on", {{"file", m_file.string()}});
        Q_EMIT applied(false);
        return;
    }
    logProblems(m_log, read->warnings);
    // Problems count the entries of the merged configuration, which has the file's first; where it cannot be merged, the
    // file's own.
    auto merged = config::withFile(*m_gateway.config(), read->config);
    const auto whole = std::make_shared<const config::Config>(merged ? std::move(*merged) : read->config);
    const auto text = std::make_shared<const config::ReadConfig>(std::move(*read));
    m_gateway.applyFile(text->config, m_file.string(), this, [this, whole, text](const api::ApplyOutcome &outcome) {
        config::Problems problems;
        for (const api::FieldError &problem : outcome.problems)
            problems.push_back(text->placed(*whole, m_file.string(), problem.field, problem.message, problem.warning));
        logProblems(m_log, problems);
        if (outcome.applied)
            m_log.info("configuration file applied", {{"file", m_file.string()}, {"revision", std::to_string(outcome.revision)}});
        else
            m_log.error("the configuration file was not applied; the running configuration goes on", {{"file", m_file.string()}});
        Q_EMIT applied(outcome.applied);
    });
}

} // namespace app
