// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/alerts/alert_words.h"

#include <QHash>
#include <QWidget>

class QComboBox;
class QVBoxLayout;

namespace ui::widgets {
class Button;
class Label;
}

namespace ui::panes {
class SecretLine;
}

namespace ui::alerts {

/// Whom an alert tells, a row each: the way, and the address. Webhooks' addresses are secrets and not shown back.
class ReceiversField final : public QWidget
{
    Q_OBJECT
public:
    explicit ReceiversField(QWidget *parent = nullptr);

    /// @param problems  of the gateway's check: "notify[2]"
    void show(const std::vector<Notify> &receivers, bool editable, const QHash<QString, QString> &problems);
    using QWidget::show;
    [[nodiscard]] const std::vector<Notify> &receivers() const { return m_receivers; }
    void focusFirstEmpty();

Q_SIGNALS:
    /// @param merge  of the steps that typing makes; empty: a step of its own
    void edited(const QString &merge);

private:
    struct Row
    {
        QWidget *box;
        QComboBox *kind;
        panes::SecretLine *to;
        widgets::Button *remove;
    };
    void addRow();
    void dress(int row, bool editable, const QString &problem);
    void add(NotifyKind kind);

    QVBoxLayout *m_column;
    widgets::Label *m_none;
    widgets::Button *m_add;
    QList<Row> m_rows;
    std::vector<Notify> m_receivers;
};

} // namespace ui::alerts
