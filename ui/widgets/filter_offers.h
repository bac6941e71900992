// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListView>

namespace ui::widgets {

/// What a filter could go on with: a heading, a line for each offer with its count at the right, and the keys below.
/// The popup of a QCompleter; the model's rows carry OfferCount beside their text.
class FilterOffers final : public QListView
{
    Q_OBJECT
public:
    static constexpr int OfferCount = Qt::UserRole + 1;

    explicit FilterOffers(QWidget *parent = nullptr);
    void paintOwnRows(); ///< after QCompleter::setPopup(), which sets a delegate of its own
    void setHeading(const QString &heading);
    /// Keys below the list, with what they do; by default those of a filter.
    void setKeys(const QList<std::pair<QString, QString>> &keys) { m_keys = keys; }
    void fitHeight();   ///< after the completer has shown it for its rows alone

protected:
    bool event(QEvent *event) override;

private:
    void paintFrameAround();

    QString m_heading;
    QList<std::pair<QString, QString>> m_keys;
};

} // namespace ui::widgets
