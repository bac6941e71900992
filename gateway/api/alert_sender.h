// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/alerts/message.h"
#include "gateway/api/provider_caller.h"
#include "gateway/config/config.h"
#include "gateway/core/alert_view.h"

#include <QObject>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway::api {

/// Tells what alerts have to tell: to windows, webhooks and by e-mail, again after a while where that failed. What waits is
/// bounded; each try is in the log, by which the next gateway goes on with what this one did not get delivered. Lives on the
/// control thread.
class AlertSender
{
public:
    struct Needs
    {
        const Clock &clock;
        ProviderCaller &caller;                                   ///< for webhooks: the gateway's own client, with its proxy and check of addresses
        /// Shows it in a window; told later, on the control thread, whether there is one.
        std::function<void(AlertNotice, std::function<void(bool shown)>)> desktop;
        std::function<AlertDelivery(AlertDelivery)> log;          ///< keeps it, and gives it a number
        std::vector<std::chrono::milliseconds> pauses {std::chrono::seconds {5}, std::chrono::seconds {30}, std::chrono::minutes {2}, std::chrono::minutes {10}}; ///< before each further try
        std::chrono::milliseconds patience = std::chrono::seconds {15}; ///< with one webhook
    };

    static constexpr std::size_t mostWaiting = 500, mostAtOnce = 8;

    explicit AlertSender(Needs needs);
    ~AlertSender();
    AlertSender(const AlertSender &) = delete;
    AlertSender &operator=(const AlertSender &) = delete;

    /// @param config  with its secrets in clear
    void configure(const config::Config &config);

    /// Tells all that the alert names.
    /// @param done  of a test: what came of each, which is tried once; may be empty
    void tell(const config::Alert &alert, AlertWord word, const AlertFiring &firing, std::function<void(std::vector<AlertDelivery>)> done = {});
    /// Tries once more what a gateway before this one was not rid of.
    /// @param tried  its last try, in the log
    /// @param alert  null: there is none any more, which the log is told
    void resume(const config::Alert *alert, const AlertFiring &firing, const AlertDelivery &tried);
    /// Tells the log that it is not tried again.
    void giveUp(AlertDelivery tried, std::string_view why);

private:
    struct Batch
    {
        std::size_t left = 0;
        std::vector<AlertDelivery> deliveries {};
        std::function<void(std::vector<AlertDelivery>)> done {};
    };
    struct Letter
    {
        std::shared_ptr<const config::Alert> alert;
        std::size_t notify = 0;
        AlertWord word = AlertWord::Fired;
        AlertFiring firing {};
        int attempt = 1;
        std::shared_ptr<Batch> batch {};  ///< null: nobody waits for it
    };
    /// What came of one try.
    struct Outcome
    {
        bool delivered = false;
        bool again = false;               ///< worth another try
        std::string detail {};
    };

    void queue(Letter letter);
    void next();
    void send(const std::shared_ptr<Letter> &letter);
    void post(const std::shared_ptr<Letter> &letter);
    void mail(const std::shared_ptr<Letter> &letter);
    void show(const std::shared_ptr<Letter> &letter);
    void done(const std::shared_ptr<Letter> &letter, const Outcome &outcome);
    void note(const Letter &letter, const Outcome &outcome, bool last);
    [[nodiscard]] bool mayTryAgain(const Letter &letter) const { return !letter.batch && static_cast<std::size_t>(letter.attempt) <= m_needs.pauses.size(); }
    [[nodiscard]] static Outcome outcomeOf(const Result<ProviderCaller::Reply> &reply);

    Needs m_needs;
    config::GatewaySettings m_gateway;
    config::SmtpSettings m_smtp;
    std::deque<std::shared_ptr<Letter>> m_ready;
    std::vector<std::shared_ptr<Letter>> m_running; ///< under way
    std::size_t m_resting = 0;                      ///< wait for another try
    std::unique_ptr<QObject> m_context = std::make_unique<QObject>(); ///< of all that is under way
};

} // namespace gateway::api
