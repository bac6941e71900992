// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/alerts/alert_form.h"
#include "ui/panes/alerts/smtp_form.h"
#include "ui/panes/draft_inspector.h"

namespace ui::alerts {

/// The right column: the chosen alert, or the mail server; below them what is not saved yet.
class AlertInspector final : public panes::DraftInspector
{
    Q_OBJECT
public:
    enum Tab { AlertTab, MailTab };

    AlertInspector(bridge::ConfigDraft &draft, QWidget *parent = nullptr);

    void show(int alert); ///< of the draft; -1: none
    using QWidget::show;
    void focusName();
    void focusMail();

Q_SIGNALS:
    void edited(const QString &what, const AlertForm::Change &change, const QString &merge);
    void smtpEdited(const QString &what, const SmtpForm::Change &change, const QString &merge);
    void duplicateWanted();
    void secretMade(const QString &secret);

private:
    enum Page { NothingPage, AlertPage, MailPage };
    void refresh() override;
    void showAlert();
    void showMail();
    void refreshFooter();

    int m_alert = -1;
    widgets::Button *m_duplicate;
    AlertForm *m_form;
    SmtpForm *m_mail;
    QScrollArea *m_scroll;
};

} // namespace ui::alerts
