// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/alert_tools.h"

namespace tests {

/// Alerts that stand as tests say; mutes and acknowledgements show on the board. Previews are made by the real engine over
/// made-up calls. Every answer comes from the event loop.
class FakeAlerts final : public gateway::api::AlertTools
{
    Q_OBJECT
public:
    enum class Mood { Well, Failing, Silent };
    explicit FakeAlerts(gateway::api::Gateway *gateway) : AlertTools(gateway), m_gateway(*gateway) {}

    void setMood(Mood mood) { m_mood = mood; }
    void setBoard(gateway::AlertBoard board);   ///< changed() follows
    void setFirings(std::vector<gateway::AlertFiring> newestFirst) { m_firings = std::move(newestFirst); }
    void setDeliveries(std::vector<gateway::AlertDelivery> newestFirst) { m_deliveries = std::move(newestFirst); }
    /// The next receivers of a test do not take it.
    void refuseTests(std::string why) { m_refusal = std::move(why); }

    struct Mute
    {
        std::string alert;
        std::optional<std::string> subject;
        std::optional<gateway::WallTime> until;
    };
    [[nodiscard]] const std::vector<Mute> &mutes() const { return m_mutes; }
    [[nodiscard]] const std::vector<gateway::config::Alert> &previewed() const { return m_previewed; }
    [[nodiscard]] const std::vector<std::string> &tested() const { return m_tested; }

    [[nodiscard]] std::shared_ptr<const gateway::AlertBoard> board() const override { return m_board; }
    void firings(gateway::AlertListQuery query, QObject *context, gateway::api::Answer<std::vector<gateway::AlertFiring>> done) override;
    void deliveries(gateway::AlertListQuery query, QObject *context, gateway::api::Answer<std::vector<gateway::AlertDelivery>> done) override;
    void preview(gateway::config::Alert alert, gateway::api::TimeRange range, QObject *context, gateway::api::Answer<gateway::AlertPreview> done) override;
    void test(std::string alert, QObject *context, gateway::api::Answer<std::vector<gateway::AlertDelivery>> done) override;
    void mute(std::string alert, std::optional<std::string> subject, std::optional<gateway::WallTime> until, gateway::api::EditNote by, QObject *context, gateway::api::Answer<bool> done) override;
    void acknowledge(std::string alert, std::optional<std::string> subject, gateway::api::EditNote by, QObject *context, gateway::api::Answer<int> done) override;

private:
    template <typename T>
    void answer(QObject *context, gateway::api::Answer<T> done, std::function<gateway::Result<T>()> value);

    gateway::api::Gateway &m_gateway;
    Mood m_mood = Mood::Well;
    std::shared_ptr<const gateway::AlertBoard> m_board = std::make_shared<const gateway::AlertBoard>();
    std::vector<gateway::AlertFiring> m_firings;
    std::vector<gateway::AlertDelivery> m_deliveries;
    std::string m_refusal;
    std::vector<Mute> m_mutes;
    std::vector<gateway::config::Alert> m_previewed;
    std::vector<std::string> m_tested;
};

} // namespace tests
