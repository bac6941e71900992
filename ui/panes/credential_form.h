// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/kind_fields.h"

#include <QHash>
#include <QWidget>

class QGridLayout;
class QLineEdit;

namespace ui::widgets {
class DocumentField;
class Label;
}

namespace ui::panes {

/// What says who calls: the values of one credential as its kind takes them (config::KindFields), the way to authenticate as
/// a choice where there are several. Secrets are typed, pasted or dropped, and never shown back.
class CredentialForm final : public QWidget
{
    Q_OBJECT
public:
    /// @param prefix  of the object names: "providers.add" gives "providers.add.api_key", "providers.add.way"
    explicit CredentialForm(const QString &prefix, QWidget *parent = nullptr);

    /// What is typed stays where the kind has a field of that name.
    void setKind(const gateway::config::KindFields &fields);
    /// The way and the open values of one that is there.
    void setCredential(const gateway::config::Credential &credential);
    /// A pasted value that turned out to be of this kind and field; nothing else stays.
    void settle(const gateway::config::KindFields &fields, std::string_view field, const QString &value);
    [[nodiscard]] std::string_view firstField() const; ///< its name; empty: the way has none
    /// What is said under the first field in the place of its own hint.
    void setNote(const QString &note);

    /// Writes what is given; the values of other ways go.
    void fill(gateway::config::Credential &credential) const;
    [[nodiscard]] bool empty() const;      ///< nothing is given, and the way asks for something
    [[nodiscard]] QString missing() const; ///< the title of the first field that is needed and empty
    [[nodiscard]] QString problem() const; ///< why a value may not be; empty: all may
    void forget();                         ///< all that is typed
    void takeFocus();

Q_SIGNALS:
    void edited();
    /// In the first field, whose text tells of which kind it is.
    void pasted(const QString &text);
    void accountGiven(const QString &project); ///< a service account of this Google project

private:
    using Field = gateway::config::KindField;

    void chooseWay(int way);
    void rebuild();
    void addWays(QGridLayout *grid, int row);
    static void dress(QLineEdit *line, const Field &field);
    QWidget *makeLine(const Field &field, bool first);
    QWidget *makeDocument(const Field &field);
    void takeDocument(const Field &field, const QString &text);
    void showDocument(widgets::DocumentField *area, const Field &field);
    [[nodiscard]] const gateway::config::CredentialWay *way() const;
    [[nodiscard]] QString waysName() const;
    [[nodiscard]] QString value(std::string_view field) const;
    void setValue(std::string_view field, const QString &value);

    QString m_prefix, m_noteText;
    gateway::config::KindFields m_fields;
    int m_way = 0;
    QHash<QString, QString> m_values; ///< by field, those of other ways too
    QString m_refused;                ///< why a file was not taken
    QWidget *m_content = nullptr;
    QWidget *m_first = nullptr;       ///< the way's first field
    widgets::Label *m_note = nullptr;
};

} // namespace ui::panes
