// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/alerts/alert_form.h"
#include "ui/panes/alerts/smtp_form.h"
#include "ui/widgets/card.h"

class QCheckBox;
class QScrollArea;
class QStackedWidget;

namespace ui::widgets {
class EmptyState;
class Label;
class TabStrip;
}

namespace ui::panes {
class DraftFooter;
}

namespace ui::alerts {

/// The right column: the chosen alert, or the mail server; below them what is not saved yet.
class AlertInspector final : public widgets::Panel
{
    Q_OBJECT
public:
    enum Tab { AlertTab, MailTab };

    AlertInspector(bridge::ConfigDraft &draft, QWidget *parent = nullptr);

    void show(int alert); ///< of the draft; -1: none
    using QWidget::show;
    void setFileName(const QString &name);
    void setTab(Tab tab);
    void focusName();
    void focusMail();
    [[nodiscard]] bool maySave() const;

Q_SIGNALS:
    void edited(const QString &what, const AlertForm::Change &change, const QString &merge);
    void smtpEdited(const QString &what, const SmtpForm::Change &change, const QString &merge);
    void switchWanted(bool on);
    void removeWanted();
    void duplicateWanted();
    void secretMade(const QString &secret);
    void saveWanted();

private:
    enum Page { NothingPage, AlertPage, MailPage };
    QWidget *makeHeader();
    void refresh();
    void showAlert();
    void showMail();
    void showOtherProblems();
    void refreshFooter();

    bridge::ConfigDraft &m_draft;
    int m_alert = -1;
    QString m_file;
    widgets::Label *m_title, *m_lock, *m_errors;
    QCheckBox *m_on;
    widgets::Button *m_duplicate, *m_remove;
    panes::DraftFooter *m_footer;
    widgets::TabStrip *m_tabs;
    QStackedWidget *m_pages;
    AlertForm *m_form;
    SmtpForm *m_mail;
    QScrollArea *m_scroll;
};

} // namespace ui::alerts
