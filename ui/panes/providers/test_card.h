// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QWidget>

#include <functional>
#include <memory>
#include <string>

namespace ui::widgets {
class Button;
class Card;
class SectionBanner;
}

namespace ui::providers {

class TestSteps;

/// A provider's test: its steps as they come, and under them what its end means for callers. Hidden until the first.
class TestCard final : public QWidget
{
    Q_OBJECT
public:
    struct Question
    {
        gateway::config::Provider provider; ///< as the draft has it
        std::string credential;             ///< empty: any
        std::string model;                  ///< empty: the first that is listed
    };
    /// What callers get while the credential of the question does not work.
    using Consequence = std::function<QString(const Question &question, bool keyRejected)>;

    TestCard(gateway::api::Gateway &gateway, Consequence consequence, QWidget *parent = nullptr);

    void run(Question question, bool mayReplaceKey);
    void forget(); ///< an answer that is still on its way goes nowhere

Q_SIGNALS:
    void againWanted(const QString &credential);
    void replaceWanted(const QString &credential);
    void started(const QString &provider);
    void ended(const QString &provider, bool ok, const QString &words);

private:
    void setUpCard();
    void finish(const Question &question, bool mayReplaceKey, const gateway::Result<gateway::api::ProbeReport> &report);

    gateway::api::Gateway &m_gateway;
    Consequence m_consequence;
    std::unique_ptr<QObject> m_running;
    QString m_credential; ///< that is or was tested
    widgets::Card *m_card;
    TestSteps *m_steps;
    widgets::SectionBanner *m_banner;
    widgets::Button *m_again, *m_replace;
};

} // namespace ui::providers
