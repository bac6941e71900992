// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/alert.h"
#include "ui/panes/form_lines.h"

#include <QHash>
#include <QWidget>

#include <functional>

class QComboBox;
class QLineEdit;

namespace ui::widgets {
class Button;
class CountField;
class Label;
}

namespace ui::panes {
class SecretLine;
}

namespace ui::alerts {

/// The mail server by which alerts send e-mails: the section `smtp`.
class SmtpForm final : public QWidget
{
    Q_OBJECT
public:
    using SmtpSettings = gateway::config::SmtpSettings;
    using Change = std::function<void(SmtpSettings &)>;

    explicit SmtpForm(QWidget *parent = nullptr);

    /// @param problems  of the gateway's check, by field: "host"
    void show(const SmtpSettings &smtp, bool editable, const QHash<QString, QString> &problems);
    using QWidget::show;
    void focusFirst();
    [[nodiscard]] QString typedWrong() const; ///< as AlertForm's

Q_SIGNALS:
    void edited(const QString &what, const Change &change, const QString &merge);
    void typed();

private:
    void connectFields();

    panes::FormLines m_lines;
    QLineEdit *m_host, *m_user, *m_from;
    widgets::CountField *m_port;
    QComboBox *m_tls;
    panes::SecretLine *m_password;
    widgets::Button *m_clear;
    widgets::Label *m_problem;
};

} // namespace ui::alerts
