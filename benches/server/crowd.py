"""Many people who sign in again and again, all at once."""

import http.client
import json
import threading

from server import PASSWORD


class Crowd:
    """`count` people for the time of a `with` block, each with a name and an address of their own: attempts under
    way count against both, so few people from few addresses would soon be told to wait."""

    def __init__(self, server, count):
        self.server, self.count = server, count
        # Status of each answer, and what went wrong where there was none.
        self.answers = []
        self._over = threading.Event()

    @staticmethod
    def register(server, count):
        """Makes the users who then sign in."""
        admin = server.sign_in()
        for number in range(count):
            user = {"username": _name(number), "role": "viewer", "password": PASSWORD}
            server.ask("POST", "/api/maid/users", user, credential=admin)

    def __enter__(self):
        self._threads = [threading.Thread(target=self._sign_in, args=(number,)) for number in range(self.count)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _sign_in(self, number):
        home = (f"127.0.1.{number + 1}", 0)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60, source_address=home)
        login = json.dumps({"username": _name(number), "password": PASSWORD})
        try:
            while not self._over.is_set():
                connection.request("POST", "/api/maid/auth/login", login, {"content-type": "application/json"})
                response = connection.getresponse()
                response.read()
                self.answers.append(response.status)
        except (OSError, http.client.HTTPException) as error:
            self.answers.append(repr(error))
        finally:
            connection.close()


def _name(number):
    return f"person-{number}"
