// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/providers/editing.h"
#include "ui/panes/providers/provider_words.h"

#include <QWidget>

class QComboBox;
class QLineEdit;

namespace ui::panes {
class KindRows;
}

namespace ui::widgets {
class DurationField;
}

namespace ui::providers {

/// Name, kind, what the kind asks for, and the two timeouts that matter most.
class ConnectionForm final : public QWidget
{
    Q_OBJECT
public:
    ConnectionForm(const Kinds &kinds, Edit edit, QWidget *parent = nullptr);

    /// @param inherited  the gateway's own timeouts, which hold where the provider sets none
    void show(const gateway::config::Provider &provider, const gateway::config::Timeouts &inherited, bool editable);
    using QWidget::show;
    void showProblems(const FieldProblems &problems);
    void forgetProblems(); ///< what was typed wrong goes too, with the next show()
    void focusName();

Q_SIGNALS:
    void renamed(const std::string &name);

private:
    void connectFields();

    const Kinds m_kinds;
    Edit m_edit;
    QLineEdit *m_name;
    QComboBox *m_kind;
    panes::KindRows *m_rows;
    widgets::DurationField *m_firstByte, *m_total;
};

} // namespace ui::providers
