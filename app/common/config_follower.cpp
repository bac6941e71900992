// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/config_follower.h"

#include "app/common/config_file.h"
#include "gateway/config/file_layer.h"

#include <algorithm>

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

ConfigFollower::ConfigFollower(api::Gateway &gateway, Log &log, std::filesystem::path file, std::unique_ptr<ConfigWatch> watch, std::chrono::milliseconds retryEvery,
                               QObject *parent)
    : QObject(parent), m_gateway(gateway), m_log(log), m_file(std::move(file)), m_watch(watch ? std::move(watch) : std::make_unique<ConfigWatch>(m_file))
{
    connect(m_watch.get(), &ConfigWatch::changed, this, &ConfigFollower::apply);
    m_retry.setSingleShot(true);
    m_retry.setInterval(retryEvery);
    connect(&m_retry, &QTimer::timeout, this, &ConfigFollower::apply);
    connect(&m_gateway, &api::Gateway::configApplied, this, [this] {
        if (!m_refusal.empty())
            apply();
    });
}

void ConfigFollower::apply()
{
    if (m_asking) {
        m_retry.start(); // the answer to an older content is on its way
        return;
    }
    auto read = loadConfigFile(m_file, config::Origin::File);
    if (!read) {
        take(read.error(), false, 0);
        return;
    }
    // Problems count the entries of the merged configuration, which has the file's first; where it cannot be merged, the
    // file's own.
    auto merged = config::withFile(*m_gateway.config(), read->config);
    const auto whole = std::make_shared<const config::Config>(merged ? std::move(*merged) : read->config);
    const auto text = std::make_shared<const config::ReadConfig>(std::move(*read));
    m_asking = true;
    m_gateway.applyFile(text->config, m_file.string(), this, [this, whole, text](const api::ApplyOutcome &outcome) {
        m_asking = false;
        config::Problems problems = text->warnings;
        for (const api::FieldError &problem : outcome.problems) {
            config::Problem placed = text->placed(*whole, m_file.string(), problem.field, problem.message, problem.warning);
            if (std::ranges::find(text->warnings, placed) == text->warnings.end())
                problems.push_back(std::move(placed));
        }
        take(problems, outcome.applied, outcome.revision);
    });
}

void ConfigFollower::take(const config::Problems &problems, bool ok, std::uint64_t revision)
{
    std::string refusal;
    for (const config::Problem &problem : problems)
        refusal += ok ? std::string() : problem.text() + '\n';
    const bool told = !ok && refusal == m_refusal;
    if (!told)
        logProblems(m_log, problems);
    if (ok)
        m_log.info("configuration file applied", {{"file", m_file.string()}, {"revision", std::to_string(revision)}});
    else if (!told)
        m_log.error("the configuration file was not applied; the running configuration goes on", {{"file", m_file.string()}});
    m_refusal = std::move(refusal);
    if (ok)
        m_retry.stop();
    else
        m_retry.start();
    Q_EMIT applied(ok);
}

} // namespace app
