// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/alert_keeper.h"
#include "gateway/api/alert_tools.h"
#include "gateway/api/control_thread.h"
#include "gateway/api/query_service.h"

#include <functional>

namespace gateway::api {

/// The alerts' tools of a gateway in this process. On the gateway's thread.
class EmbeddedAlerts final : public AlertTools
{
    Q_OBJECT
public:
    struct Needs
    {
        const AlertPost &post;
        std::function<AlertKeeper *()> keeper;   ///< asked on the control thread; null: nothing is served
        ControlThread &control;
        QueryService &queries;
        Deliverer deliverer;
        const Clock &clock;
        std::function<ConfigPtr()> config;       ///< as it is shown
        std::function<std::string(const EditNote &by)> author;
        std::function<void(const EditNote &by, std::string alert, const char *action, std::string what)> audit; ///< called on the control thread
    };
    /// All of it outlives this.
    EmbeddedAlerts(Needs needs, Gateway *gateway) : AlertTools(gateway), m_needs(std::move(needs)) {}

    [[nodiscard]] std::shared_ptr<const AlertBoard> board() const override { return m_needs.post.board(); }
    void firings(AlertListQuery query, QObject *context, Answer<std::vector<AlertFiring>> done) override;
    void deliveries(AlertListQuery query, QObject *context, Answer<std::vector<AlertDelivery>> done) override;
    void preview(config::Alert alert, TimeRange range, QObject *context, Answer<AlertPreview> done) override;
    void test(std::string alert, QObject *context, Answer<std::vector<AlertDelivery>> done) override;
    void mute(std::string alert, std::optional<std::string> subject, std::optional<WallTime> until, EditNote by, QObject *context, Answer<bool> done) override;
    void acknowledge(std::string alert, std::optional<std::string> subject, EditNote by, QObject *context, Answer<int> done) override;

    /// Shows it to whoever listens. @return whether somebody does
    bool show(const AlertNotice &notice);

private:
    template <typename T>
    void onControl(QObject *context, Answer<T> done, std::function<Result<T>(AlertKeeper &)> question);

    Needs m_needs;
};

} // namespace gateway::api
