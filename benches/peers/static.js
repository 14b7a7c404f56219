// The static GET of bar 1 for k6.
import http from 'k6/http';

export default function () {
  http.get(__ENV.TARGET);
}
