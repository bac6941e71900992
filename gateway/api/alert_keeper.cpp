// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/alert_keeper.h"

#include "gateway/api/alert_run.h"
#include "gateway/core/text.h"
#include "gateway/storage/query_thread.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::api {

namespace {

constexpr std::chrono::hours sweptEvery {1};
constexpr std::chrono::hours resumedFor {24}; ///< what is older is no news

std::vector<AlertMute> mutesOf(const std::vector<storage::StoredMute> &stored)
{
    std::vector<AlertMute> mutes;
    for (const storage::StoredMute &mute : stored)
        mutes.push_back({.alert = mute.alert, .subject = mute.subject, .until = mute.until});
    return mutes;
}

Error noSuchAlert(const std::string &alert)
{
    return {.code = ErrorCode::NotFound, .message = fmt::format("There is no alert {}.", jsonQuoted(truncatedUtf8(alert, 100))), .where = "alert"};
}

} // namespace

std::shared_ptr<const AlertBoard> AlertPost::board() const
{
    const std::lock_guard lock(m_mutex);
    return m_board;
}

std::vector<telemetry::Gauge> AlertPost::gauges() const
{
    const std::lock_guard lock(m_mutex);
    return m_gauges;
}

/// What came of a job on the thread.
struct AlertKeeper::Outcome
{
    std::vector<alerts::AlertEvent> events {};
    std::vector<AlertStatus> states {};
    std::vector<AlertMute> mutes {};
    std::vector<std::string> quiet {};
    std::vector<telemetry::Gauge> gauges {};
    WallTime at {};
    std::string problem {};
};

AlertKeeper::AlertKeeper(Needs needs)
    : m_needs(std::move(needs)), m_sender([this] {
          AlertSender::Needs sends {.clock = m_needs.clock, .caller = m_needs.caller, .desktop = m_needs.desktop, .log = [this](AlertDelivery delivery) {
                                        if (!m_store)
                                            return delivery;
                                        auto kept = m_store->add(delivery);
                                        trouble(kept ? Result<>() : Result<>(std::unexpected(kept.error())));
                                        return kept ? std::move(*kept) : delivery;
                                    }};
          if (!m_needs.pauses.empty())
              sends.pauses = m_needs.pauses;
          return sends;
      }())
{
    auto opened = storage::AlertStore::open(m_needs.configPath);
    if (opened)
        m_store = std::move(*opened);
    else
        m_storeProblem = opened.error().message;
    QObject::connect(&m_timer, &QTimer::timeout, &m_inbox, [this] { look(); });
}

AlertKeeper::~AlertKeeper() = default;

void AlertKeeper::configure(const config::Config &config)
{
    m_sender.configure(config);
    if (m_alerts == config.alerts && m_zone == config.gateway.timeZone && m_thread)
        return;
    m_alerts = config.alerts;
    m_zone = config.gateway.timeZone;
    m_hasGauges = std::ranges::any_of(m_alerts, [](const config::Alert &alert) { return !config::infoOf(alert.when.metric).ofCalls; });
    closeOrphans();
    const bool isNew = !m_thread;
    if (isNew && m_store)
        resumeTelling();
    if (m_alerts.empty() && isNew)
        return;
    if (isNew)
        begin();
    std::vector<AlertFiring> open;
    std::vector<AlertMute> mutes;
    std::int64_t lastNumber = 0;
    if (isNew && m_store) {
        open = m_store->openFirings().value_or(std::vector<AlertFiring> {});
        mutes = mutesOf(m_store->mutes(m_needs.clock.wallNow()).value_or(std::vector<storage::StoredMute> {}));
        lastNumber = m_store->lastNumber().value_or(0);
    }
    askThread([alerts = m_alerts, zone = m_zone, at = m_needs.clock.wallNow(), isNew, open = std::move(open), mutes = std::move(mutes), lastNumber](AlertRun &run, storage::CallLogReader *, const Error &) {
        Outcome outcome {.events = run.engine.configure(alerts, zone, at), .at = at};
        if (isNew)
            run.engine.restore(open, mutes, lastNumber);
        if (run.engine.empty())
            run.rest();
        return outcome;
    });
    m_timer.start(m_needs.look);
}

void AlertKeeper::begin()
{
    m_run = std::make_shared<AlertRun>();
    m_thread = std::make_unique<storage::QueryThread>(m_needs.callsPath, "alerts");
}

/// What fired, and whose alert is gone or off since: it is over.
void AlertKeeper::closeOrphans()
{
    if (!m_store || m_thread)
        return; // the engine knows
    for (AlertFiring &firing : m_store->openFirings().value_or(std::vector<AlertFiring> {})) {
        const config::Alert *alert = find(firing.alert);
        if (alert != nullptr && alert->enabled)
            continue;
        firing.resolvedAt = m_needs.clock.wallNow();
        keep(firing);
    }
}

/// What the gateway before this one was not rid of: each is tried again, or the log is told why not.
void AlertKeeper::resumeTelling()
{
    auto waiting = m_store->waitingDeliveries();
    trouble(waiting ? Result<>() : Result<>(std::unexpected(waiting.error())));
    const WallTime news = m_needs.clock.wallNow() - resumedFor;
    for (AlertDelivery &tried : waiting.value_or(std::vector<AlertDelivery> {})) {
        const auto firing = m_store->firing(tried.firing);
        if (!firing)
            trouble(std::unexpected(firing.error()));
        else if (!*firing)
            m_sender.giveUp(std::move(tried), "what it tells of is not kept any more");
        else if (tried.at < news)
            m_sender.giveUp(std::move(tried), "it is older than a day");
        else
            m_sender.resume(find(tried.alert), **firing, tried);
    }
}

void AlertKeeper::look()
{
    if (!m_thread || m_alerts.empty() || m_asked > 0)
        return;
    const WallTime now = m_needs.clock.wallNow() - m_needs.behind;
    const WallTime moment = now - now.time_since_epoch() % alerts::evaluatedEvery;
    if (m_moment == moment)
        return;
    m_moment = moment;
    std::vector<alerts::AlertGauge> gauges;
    if (m_hasGauges)
        gauges = m_needs.gauges();
    askThread([moment, gauges = std::move(gauges), zone = m_zone](AlertRun &run, storage::CallLogReader *log, const Error &problem) {
        Outcome outcome {.at = moment};
        if (log == nullptr)
            outcome.problem = problem.message;
        outcome.events = run.advance(log, moment, gauges, zone, outcome.problem);
        return outcome;
    });
}

void AlertKeeper::askThread(Job job)
{
    ++m_asked;
    m_thread->ask({}, [this, run = m_run, job = std::move(job)](storage::CallLogReader *log, const Error &problem) {
        Outcome outcome = job(*run, log, problem);
        outcome.states = run->engine.states(outcome.at);
        outcome.mutes = run->engine.mutes(outcome.at);
        outcome.quiet = run->engine.quiet(outcome.at);
        for (const auto &[alert, firing] : run->engine.firing())
            outcome.gauges.push_back({.name = "alerts_firing", .help = "Subjects of an alert that fire now.", .labels = {{"alert", alert->name}, {"severity", std::string(toText(alert->severity))}}, .value = static_cast<double>(firing)});
        m_inbox.post([this, outcome = std::move(outcome)] {
            --m_asked;
            onOutcome(outcome);
        });
    });
}

void AlertKeeper::onOutcome(const Outcome &outcome)
{
    for (const alerts::AlertEvent &event : outcome.events) {
        keep(event.firing);
        if (event.kind != alerts::AlertEvent::Kind::Tell)
            continue;
        if (const config::Alert *alert = find(event.alert))
            m_sender.tell(*alert, event.word, event.firing);
    }
    auto board = std::make_shared<AlertBoard>();
    board->at = outcome.at;
    board->states = outcome.states;
    board->mutes = outcome.mutes;
    board->quiet = outcome.quiet;
    board->problem = outcome.problem.empty() ? m_storeProblem : outcome.problem;
    if (m_store)
        board->last = m_store->lastFirings().value_or(std::vector<AlertFiring> {});
    {
        const std::lock_guard lock(m_needs.post.m_mutex);
        m_needs.post.m_board = std::move(board);
        m_needs.post.m_gauges = outcome.gauges;
    }
    if (m_store && (outcome.at - m_swept >= sweptEvery || outcome.at < m_swept)) {
        m_swept = outcome.at;
        trouble(m_store->sweep(outcome.at));
    }
    m_needs.changed();
}

void AlertKeeper::keep(const AlertFiring &firing)
{
    if (m_store)
        trouble(m_store->put(firing));
}

/// Once for each trouble.
void AlertKeeper::trouble(const Result<> &kept)
{
    const std::string words = kept ? std::string() : kept.error().message;
    if (words == m_told)
        return;
    m_told = words;
    if (!words.empty())
        qWarning("What alerts did could not be kept: %s", words.c_str());
}

std::optional<Error> AlertKeeper::notStored() const
{
    return m_store ? std::nullopt : std::optional(Error {.code = ErrorCode::StoreUnavailable, .message = m_storeProblem});
}

const config::Alert *AlertKeeper::find(const std::string &alert) const
{
    auto found = std::ranges::find(m_alerts, alert, &config::Alert::id);
    if (found == m_alerts.end())
        found = std::ranges::find(m_alerts, alert, &config::Alert::name);
    return found == m_alerts.end() ? nullptr : &*found;
}

Result<std::vector<AlertFiring>> AlertKeeper::firings(const AlertListQuery &query) const
{
    if (const auto missing = notStored())
        return std::unexpected(*missing);
    return m_store->firings(query);
}

Result<std::vector<AlertDelivery>> AlertKeeper::deliveries(const AlertListQuery &query) const
{
    if (const auto missing = notStored())
        return std::unexpected(*missing);
    return m_store->deliveries(query);
}

void AlertKeeper::test(const std::string &alert, std::function<void(Result<std::vector<AlertDelivery>>)> done)
{
    const config::Alert *found = find(alert);
    if (found == nullptr)
        return done(std::unexpected(noSuchAlert(alert)));
    const WallTime now = m_needs.clock.wallNow();
    const config::AlertWhen &when = found->when;
    const AlertFiring firing {.alert = found->id, .name = found->name, .subject = when.subject.empty() && when.scope != config::AlertScope::Organisation ? "example" : when.subject,
                              .metric = std::string(toText(when.metric)), .severity = std::string(toText(found->severity)), .pendingSince = now, .firedAt = now, .value = when.threshold, .peak = when.threshold};
    m_sender.tell(*found, AlertWord::Test, firing, std::move(done));
}

Result<bool> AlertKeeper::mute(const std::string &alert, const std::optional<std::string> &subject, std::optional<WallTime> until, const std::string &by)
{
    const config::Alert *found = find(alert);
    if (found == nullptr)
        return std::unexpected(noSuchAlert(alert));
    if (const auto missing = notStored())
        return std::unexpected(*missing);
    const Result<> kept = until ? m_store->mute({.alert = found->id, .subject = subject, .until = *until, .by = by}) : m_store->unmute(found->id, subject);
    if (!kept)
        return std::unexpected(kept.error());
    if (m_thread)
        askThread([id = found->id, subject, until, at = m_needs.clock.wallNow()](AlertRun &run, storage::CallLogReader *, const Error &) {
            run.engine.mute(id, subject, until);
            return Outcome {.at = at};
        });
    return true;
}

Result<int> AlertKeeper::acknowledge(const std::string &alert, const std::optional<std::string> &subject, const std::string &by)
{
    const config::Alert *found = find(alert);
    if (found == nullptr)
        return std::unexpected(noSuchAlert(alert));
    if (const auto missing = notStored())
        return std::unexpected(*missing);
    auto open = m_store->openFirings();
    if (!open)
        return std::unexpected(open.error());
    int count = 0;
    for (AlertFiring &firing : *open) {
        if (firing.alert != found->id || (subject && firing.subject != *subject))
            continue;
        firing.acknowledgedBy = by;
        if (auto kept = m_store->put(firing); !kept)
            return std::unexpected(kept.error());
        ++count;
        askThread([id = found->id, whose = firing.subject, by, at = m_needs.clock.wallNow()](AlertRun &run, storage::CallLogReader *, const Error &) {
            run.engine.acknowledge(id, whose, by);
            return Outcome {.at = at};
        });
    }
    if (count == 0)
        return fail(ErrorCode::NotFound, fmt::format("Alert {} does not fire{}.", jsonQuoted(found->name), subject ? " there" : ""), "subject");
    return count;
}

} // namespace gateway::api
