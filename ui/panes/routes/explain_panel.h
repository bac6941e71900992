// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/routes/side_column.h"

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QTimer;

namespace ui::panes {
class PairRows;
}

namespace ui::routes {

class ExplanationView;
class JsonField;

/// What a call would meet: the call as it would be sent, and what the plan makes of it.
class ExplainPanel final : public SidePanel
{
    Q_OBJECT
public:
    explicit ExplainPanel(QWidget *parent);
    /// The route that is shown: what the call asks for, unless something else was typed.
    void setRoute(const QString &name);
    void setKeys(const QStringList &names); ///< that the call may come with
    /// A call of the log in the place of what stands there.
    void setCall(const gateway::CallRecord &call);
    /// What is asked, but for the edit.
    [[nodiscard]] gateway::api::ExplainQuery query() const;
    [[nodiscard]] ExplanationView *result() const { return m_result; }
    QWidget *firstField() override;

Q_SIGNALS:
    void queryChanged();      ///< a moment after the last key
    void newestCallWanted();  ///< of the route, from the log

private:
    void setUpCall(QVBoxLayout *column);
    QWidget *makeButtons();
    [[nodiscard]] gateway::Endpoint endpoint() const;
    void refreshSample();

    QComboBox *m_form, *m_key;
    QLineEdit *m_model;
    JsonField *m_metadata;
    panes::PairRows *m_headers;
    QPlainTextEdit *m_body;
    ExplanationView *m_result;
    QTimer *m_settle;
    QString m_route, m_sample; ///< m_sample: what was put into the body, to know whether it was edited
    std::uint64_t m_seed = 1;
};

} // namespace ui::routes
