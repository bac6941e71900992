// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/alerts/baseline.h"
#include "gateway/alerts/firing_state.h"
#include "gateway/alerts/window_sums.h"
#include "gateway/config/alert.h"
#include "gateway/core/alert_view.h"
#include "gateway/core/calendar.h"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::alerts {

/// A state of now, of those metrics that are no calls'.
struct AlertGauge
{
    config::AlertMetric metric;
    config::AlertScope scope;
    std::string subject {};              ///< empty: the organisation
    double value = 0;
};

/// What became of a subject at one moment.
struct AlertEvent
{
    enum class Kind : std::uint8_t {
        Fired,
        Resolved,
        Tell ///< somebody is to be told, in `word`
    };
    Kind kind = Kind::Fired;
    AlertWord word = AlertWord::Fired;
    std::string alert {};                ///< its id
    AlertFiring firing {};               ///< as it now is
};

/// Who may not be told now.
struct AlertHush
{
    bool quiet = false;
    std::function<bool(const std::string &subject)> muted {};
};

/// One alert over all its subjects. Not thread-safe.
class Watch
{
public:
    /// More are not looked at: customers are named by callers. Those without calls make room first.
    static constexpr std::size_t mostSubjects = 500;

    explicit Watch(config::Alert alert);

    [[nodiscard]] const config::Alert &alert() const { return m_alert; }
    /// Takes an edit that leaves what is measured as it is.
    void edited(config::Alert alert) { m_alert = std::move(alert); }
    void add(const AlertCall &call);
    void setHistory(std::map<std::string, HourValues, std::less<>> history);

    /// What is seen of each subject at each moment, for the preview.
    using OnReading = std::function<void(const AlertStatus &)>;

    /// @param at      rises, but for clocks that are set back
    /// @param number  gives numbers to firings
    void evaluate(WallTime at, std::span<const AlertGauge> gauges, const Calendar &calendar, const AlertHush &hush, const std::function<std::int64_t()> &number, std::vector<AlertEvent> &events,
                  const OnReading &onReading = {});
    /// Ends what fires, as where the alert is taken out.
    void close(WallTime at, std::vector<AlertEvent> &events);

    void restore(const AlertFiring &firing);
    /// @return whether it fires there
    bool acknowledge(const std::string &subject, const std::string &by);
    void appendStatus(std::vector<AlertStatus> &to, std::size_t mostOk) const;
    [[nodiscard]] std::size_t size() const { return m_subjects.size(); }
    [[nodiscard]] std::size_t firing() const;

private:
    struct Subject
    {
        std::optional<WindowSums> sums {};
        FiringState state {};
        AlertStatus seen {};
        AlertFiring firing {};           ///< number 0: it does not fire
        WallTime lastCall {}, lastTold {};
        std::optional<Usual> usual {};   ///< of usualHour
        std::int64_t usualHour = -1;     ///< -1: not reckoned yet
    };

    Subject *subject(const std::string &name, WallTime at);
    void makeRoom(WallTime at);
    void read(Subject &subject, WallTime at, std::optional<double> gauge, const Calendar &calendar) const;
    void step(Subject &subject, WallTime at, const AlertHush &hush, const std::function<std::int64_t()> &number, std::vector<AlertEvent> &events) const;
    void tell(Subject &subject, WallTime at, const AlertHush &hush, std::vector<AlertEvent> &events) const;
    [[nodiscard]] bool isBeyond(const AlertStatus &seen, bool toClear) const;
    [[nodiscard]] bool isFarther(const AlertStatus &seen, double than) const;

    config::Alert m_alert;
    bool m_ofCalls;
    std::map<std::string, Subject, std::less<>> m_subjects;
    std::map<std::string, HourValues, std::less<>> m_history;
};

/// The subjects of a call in a scope: none where it has none, several of tags.
void subjectsOf(const AlertCall &call, config::AlertScope scope, std::vector<std::string_view> &into);

} // namespace gateway::alerts
