// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <QList>
#include <QScrollArea>

namespace ui::calls {

/// Everything that is kept of a call beside its bodies, as names and values in two columns. What there is not is left
/// out, but for the names that everybody looks for.
class DetailsView final : public QScrollArea
{
    Q_OBJECT
public:
    struct Field
    {
        QString name, value;
        bool mono = false;
        bool bad = false;
    };

    explicit DetailsView(QWidget *parent = nullptr);
    void setCall(const gateway::CallRecord &record);
    void showLost(); ///< scrolls to what translation left out
    [[nodiscard]] const QList<Field> &fields() const { return m_fields; }
    [[nodiscard]] const QList<Field> &found() const { return m_found; } ///< by the privacy policy: a rule or guardrail each
    [[nodiscard]] const QList<Field> &lost() const { return m_lost; } ///< what translation left out, and why

private:
    QList<Field> m_fields, m_found, m_lost;
    QWidget *m_lastLost = nullptr;
};

} // namespace ui::calls
